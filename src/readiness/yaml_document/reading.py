"""YAML to a checked document, or everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from readiness.yaml_document.loader import Loader
from readiness.yaml_document.misreads import (
    Contradiction,
    Misread,
    contradicted,
    in_order,
    misread,
    no_yaml,
    repeated_keys,
)
from readiness.yaml_document.places import Places

Document = TypeVar("Document", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Read(Generic[Document]):
    """The document, or everything that is wrong with it, sorted by line."""

    document: Document | None
    faults: tuple[Misread, ...] = ()
    root: yaml.Node | None = field(default=None, compare=False, repr=False)
    content: object = field(default=None, compare=False, repr=False)
    """What the text says, as far as it is YAML, where it is no document."""

    def places(self, name: str) -> Places:
        """Return where the parts of the document stand.

        Parameters
        ----------
        name : str
            What errors call the document.
        """
        return Places(name, self.root)


def read(
    text: str, model: type[Document], check: Callable[[Document], Iterable[Contradiction]] | None = None
) -> Read[Document]:
    """Read a YAML text as a document of this model; JSON will do, being YAML.

    Parameters
    ----------
    check : callable, optional
        Returns what contradicts itself in a document whose parts are each right.
    """
    try:
        loader = Loader(text)
        root = loader.get_single_node()
        if not isinstance(root, yaml.MappingNode):
            return Read(
                None, (Misread(1, 1, "", "something else", "keys and values", "Start with `name: …`."),)
            )
        faults = list(repeated_keys(root))
        content = None if faults else loader.construct_document(root)
    except yaml.YAMLError as error:
        return Read(None, (no_yaml(error),))
    except RecursionError:
        endless = Misread(1, 1, "", "parts within parts without end", "YAML", "Remove `&` and `*` names.")
        return Read(None, (endless,))
    if faults:
        return Read(None, in_order(faults))
    try:
        document = model.model_validate(content)
    except ValidationError as error:
        found = [misread(detail, root, model) for detail in error.errors(include_url=False)]
        return Read(None, in_order(found), content=content)
    found = [contradicted(each, root) for each in (check(document) if check else ())]
    return Read(None, in_order(found), content=content) if found else Read(document, root=root)
