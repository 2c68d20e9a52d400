"""What an estimator is told before it learns, as scikit-learn's estimators hold it, without loading that."""

from __future__ import annotations

import inspect
from typing import Any, Self


class Recipe:
    """An estimator whose parameters are the arguments of its ``__init__``, each kept under its name.

    It keeps scikit-learn's protocol, so that `sklearn.base.clone` copies it; but scikit-learn, and pandas and
    SciPy with it, take longer to load than all else that predicts.
    """

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002 - the protocol's own; none nests
        """Return the parameters by name, in alphabetical order."""
        return {name: getattr(self, name) for name in _names(type(self))}

    def set_params(self, **params: object) -> Self:
        """Change parameters by name.

        Raises
        ------
        ValueError
            If there is no such parameter.
        """
        known = _names(type(self))
        if unknown := sorted(set(params) - set(known)):
            raise ValueError(
                f"{type(self).__name__} has no parameter {', '.join(unknown)}; it has {', '.join(known)}."
            )
        for name, value in params.items():
            setattr(self, name, value)
        return self


def _names(kind: type[Recipe]) -> list[str]:
    return sorted(name for name in inspect.signature(kind).parameters)
