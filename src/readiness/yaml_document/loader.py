"""How the YAML of people is read: only true and false are booleans, and JSON is YAML too."""

from __future__ import annotations

import re
from collections.abc import Callable

import yaml


class Loader(yaml.SafeLoader):
    """Reads NO as Norway, 1e-05 as a number, and what only looks like a date or a number as text."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - declared so by its base
        letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
        for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))

# JSON writes small and large numbers so, and JSON is YAML; YAML 1.1 wants a point before the exponent.
Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float", re.compile(r"^-?\d+(?:\.\d+)?[eE][-+]\d+$"), list("-0123456789")
)


def _or_text(construct: Callable[[yaml.SafeLoader, yaml.ScalarNode], object]) -> Callable[..., object]:
    # What only looks like a date, such as 2026-13-01, or is only called a number, such as !!int x, stays
    # a text, so that the fault names its key.
    def constructed(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> object:
        try:
            return construct(loader, node)
        except (ValueError, AttributeError, KeyError):
            return node.value

    return constructed


for _kind in ("timestamp", "int", "float", "bool"):
    _tag = f"tag:yaml.org,2002:{_kind}"
    Loader.add_constructor(_tag, _or_text(yaml.SafeLoader.yaml_constructors[_tag]))


def _whole_text(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> str:
    # JSON may write a rare sign as two escapes, "\\ud83d\\ude00", which YAML takes for two halves of signs.
    text = str(loader.construct_scalar(node))
    try:
        return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16")
    except UnicodeDecodeError:
        raise yaml.constructor.ConstructorError(None, None, "half a sign", node.start_mark) from None


Loader.add_constructor("tag:yaml.org,2002:str", _whole_text)
