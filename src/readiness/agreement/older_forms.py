"""Agreements as earlier versions wrote them, brought into today's form; what they say stays the same."""

from __future__ import annotations

from readiness import yaml_document


def with_typed_referrals(text: str) -> str:
    """Return an agreement whose referrals were two lists of names with the referrals of today.

    ``sources.referrals`` becomes ``sources.referrals.sources``, ``sources.referred_by`` becomes
    ``sources.referrals.named_in``. Everything outside ``sources`` stays letter by letter; a text of
    today's form comes back as it is.

    Parameters
    ----------
    text : str
        An agreement that the version before could read.
    """
    sources = yaml_document.part(text, ("sources",))
    if not isinstance(sources, dict) or isinstance(sources.get("referrals"), dict):
        return text
    kept = {key: value for key, value in sources.items() if key not in ("referrals", "referred_by")}
    renamed = {"sources": sources.get("referrals"), "named_in": sources.get("referred_by")}
    referrals = {key: names for key, names in renamed.items() if names is not None}
    return yaml_document.replaced(text, ("sources",), {**kept, "referrals": referrals})
