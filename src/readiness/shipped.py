"""The documents that ship with the product: the default agreement and the mappings."""

from __future__ import annotations

from pathlib import Path


def folder() -> Path:
    """Return the folder of the shipped documents: inside the wheel, or `data/` of a checkout."""
    package = Path(__file__).parent
    installed = package / "_shipped"
    return installed if installed.is_dir() else package.parents[1] / "data"


def agreement() -> Path:
    """Return the path of the default agreement."""
    return folder() / "agreement.yaml"


def agreements() -> dict[str, Path]:
    """Return the paths of all agreements that ship, by name: the default one first, then by the alphabet."""
    others = {path.stem: path for path in sorted((folder() / "agreements").glob("*.yaml"))}
    return {"standard": agreement(), **others}


def mapping(name: str) -> Path:
    """Return the path of a shipped mapping by its name, such as ``bohanec``."""
    return folder() / "mappings" / f"{name}.yaml"
