"""Recorded worlds small enough for a test, and what history says of them."""

from __future__ import annotations

from functools import cache

from readiness import shipped
from readiness.agreement.document import Agreement
from readiness.agreement.reading import load
from readiness.crm.simulate.planted import PlantedWorld, planted_world
from readiness.hindsight.referrals import Referrals, referrals
from readiness.hindsight.signifiers import Signifier, Signifiers, signifiers

LEADS = 4000


@cache
def agreed() -> Agreement:
    return load(shipped.agreement())


@cache
def world() -> PlantedWorld:
    return planted_world(LEADS, 1)


@cache
def found() -> Signifiers:
    return signifiers(world().tables, agreed())


@cache
def worth() -> Referrals:
    return referrals(world().tables, agreed())


def of(name: str) -> Signifier:
    return next(each for each in found().types if each.type == name)
