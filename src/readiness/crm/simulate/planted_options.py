"""Which behaviours a recorded world has, and what each of them does to the chances."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class PlantedBehaviour:
    """An activity that leads do of their own accord.

    Parameters
    ----------
    type : str
        What the CRM calls it.
    per_month : float
        How often the typical lead does it; more often in the first weeks.
    pull : float
        How much oftener those do it who are likelier to buy anyway: on the logarithm of the rate, by the
        same traits that drive won.
    won, stop : float, above 0
        By how much the hazard is multiplied from just after the first occurrence on; 1: noise.
    won_again : float, above 0
        By how much more from just after the second.
    fresh_days : float, or None
        ``won`` and ``stop`` hold for so many days after the newest occurrence only; None: for good.
    """

    type: str
    per_month: float
    pull: float = 0.0
    won: float = 1.0
    stop: float = 1.0
    won_again: float = 1.0
    fresh_days: float | None = None


@dataclass(frozen=True, slots=True)
class PlantedOrder:
    """Two types, and what the second one after the first does to the hazard of won, beside what each does."""

    first: str
    then: str
    won: float


@dataclass(frozen=True, slots=True)
class PlantedOptions:
    """What is planted; by default three signifiers of a sale, two of a stop, and five noise behaviours.

    Parameters
    ----------
    behaviours : tuple of PlantedBehaviour
    in_order : tuple of PlantedOrder
    referral : float, above 0
        By how much the hazard of won is multiplied for good, for a lead that a customer referred.
    lost_records : float
        About which share of the leads loses its record within a year, whoever they are.
    """

    behaviours: tuple[PlantedBehaviour, ...]
    in_order: tuple[PlantedOrder, ...] = ()
    referral: float = 1.6
    lost_records: float = 0.1

    def __post_init__(self) -> None:
        types = [each.type for each in self.behaviours]
        if len(set(types)) < len(types):
            raise ValueError(f"behaviours are {types}; expected each type once")
        unknown = [name for each in self.in_order for name in (each.first, each.then) if name not in types]
        if unknown:
            raise ValueError(f"in_order names {unknown}; expected types among {types}")
        if not 0.0 <= self.lost_records < 1.0:
            raise ValueError(
                f"lost_records is {self.lost_records}; expected a share of at least 0 and below 1"
            )


STANDARD: Final = PlantedOptions(
    behaviours=(
        PlantedBehaviour("demo_requested", per_month=0.15, pull=0.4, won=2.5),
        PlantedBehaviour("pricing_page_view", per_month=0.3, pull=-0.4, won=1.8),
        PlantedBehaviour("webinar_attended", per_month=0.2, won=1.6),
        PlantedBehaviour("unsubscribe", per_month=0.1, pull=-0.4, won=0.5, stop=3.0),
        PlantedBehaviour("careers_page_view", per_month=0.15, pull=-0.5, stop=1.8),
        PlantedBehaviour("web_visit", per_month=0.7, pull=0.7),
        PlantedBehaviour("email_opened", per_month=0.6, pull=0.6),
        PlantedBehaviour("content_download", per_month=0.3, pull=0.7),
        PlantedBehaviour("chat", per_month=0.2, pull=0.6),
        PlantedBehaviour("email_clicked", per_month=0.3, pull=-0.6),
    )
)
