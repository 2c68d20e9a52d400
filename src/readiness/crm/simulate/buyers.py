"""Who the simulated leads are: when and how they reach us, and what nobody sees of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from readiness.crm.records import MICROSECONDS_PER_DAY, MICROSECONDS_PER_SECOND
from readiness.crm.simulate.calendar import ARRIVALS, BEGIN, DAYS, END, HALF
from readiness.crm.simulate.options import WorldOptions
from readiness.crm.simulate.words import SOURCES
from readiness.crm.tables import Flags, Floats, Ints


@dataclass(frozen=True, slots=True)
class _SourceTraits:
    """What a source brings: how many leads, which buyers, how engaged, and how we treat them."""

    share: float
    share_after_drift: float
    fit: float
    need: float
    curiosity: float
    engaged: tuple[float, float, float, float]
    """Chances of starting cold, warm, hot, deciding."""
    closes: float
    """Direct effect on the log rate of winning."""
    trusted: float
    """How readily marketing hands such a lead over."""
    called: float
    """How much more, or less, such a lead is called."""
    resents: float
    """Direct effect on the log rate of telling us to stop after a call."""


_TRAITS: Final = {
    "bought_list": _SourceTraits(0.20, 0.42, -0.4, -0.5, -0.3, (0.97, 0.03, 0.0, 0.0), -0.3, 0.5, 1.6, 0.7),
    "trade_show_bowl": _SourceTraits(
        0.12, 0.10, -0.3, -0.4, 0.0, (0.90, 0.09, 0.01, 0.0), -0.1, 0.6, 1.4, 0.4
    ),
    "outbound": _SourceTraits(0.12, 0.08, 0.3, -0.3, -0.2, (0.90, 0.10, 0.0, 0.0), 0.0, 0.8, 1.3, 0.2),
    "content_download": _SourceTraits(
        0.17, 0.12, 0.0, -0.2, 0.8, (0.45, 0.50, 0.05, 0.0), 0.0, 0.8, 0.9, 0.0
    ),
    "webinar": _SourceTraits(0.09, 0.06, 0.1, 0.0, 0.6, (0.40, 0.50, 0.10, 0.0), 0.0, 0.9, 0.9, 0.0),
    "chat": _SourceTraits(0.06, 0.05, 0.0, 0.3, 0.0, (0.20, 0.50, 0.28, 0.02), 0.0, 1.0, 0.9, 0.0),
    "web_form": _SourceTraits(0.12, 0.09, 0.1, 0.5, 0.0, (0.10, 0.45, 0.40, 0.05), 0.1, 1.2, 0.9, -0.1),
    "partner": _SourceTraits(0.06, 0.04, 0.4, 0.4, 0.0, (0.30, 0.50, 0.18, 0.02), 0.2, 1.3, 0.8, -0.3),
    "customer_referral": _SourceTraits(
        0.06, 0.04, 0.6, 0.6, 0.0, (0.10, 0.45, 0.40, 0.05), 0.7, 1.5, 0.8, -0.6
    ),
}
_BATCHES: Final = {"bought_list": 18, "trade_show_bowl": 7}
"""Lists are imported and bowls emptied a few times only: many leads share such an instant."""


@dataclass(frozen=True, slots=True)
class Buyers:
    """n leads in the order of their creation; the latents have a spread of about one."""

    created_at: Ints
    source: Ints
    """Position in SOURCES."""
    fit: Floats
    need: Floats
    budget: Floats
    authority: Floats
    timing: Floats
    curiosity: Floats
    """Reads and listens without any intention to buy."""
    closes: Floats
    trusted: Floats
    called: Floats
    """0 for those who allow no calls."""
    resents: Floats
    engaged: Ints
    """At creation: 0 cold, 1 warm, 2 hot, 3 deciding."""
    ends_early: Flags

    def __len__(self) -> int:
        return len(self.created_at)


def draw(
    leads: int, options: WorldOptions, arrival: np.random.Generator, latent: np.random.Generator
) -> Buyers:
    """Draw the leads of a world."""
    created_at, source = _arrivals(leads, options.drift, arrival)
    normal = latent.standard_normal((7, leads))
    need = _trait("need", source) + normal[0]
    timing = 0.4 * need + 0.9 * normal[1]
    fit = _trait("fit", source) + normal[2]
    called = np.where(latent.random(leads) < 0.006, 0.0, _trait("called", source))
    chances = np.array([_TRAITS[name].engaged for name in SOURCES]).cumsum(axis=1)[source]
    level = np.clip(latent.random(leads) + 0.08 * need, 0.0, 1.0 - 1e-9)
    # Those in need end early less often, so that the ones who stay are not like the ones who came.
    early = latent.random(leads) < np.clip(options.end_early * (1.0 - 0.4 * np.tanh(need)), 0.0, 1.0)
    return Buyers(
        created_at=created_at,
        source=source,
        fit=fit,
        need=need,
        budget=0.3 * fit + 0.95 * normal[3],
        authority=normal[4],
        timing=timing,
        curiosity=_trait("curiosity", source) + normal[5],
        closes=_trait("closes", source),
        trusted=_trait("trusted", source),
        called=called,
        resents=_trait("resents", source) + 0.4 * normal[6],
        engaged=(level[:, None] >= chances[:, :3]).sum(axis=1),
        ends_early=early,
    )


def _trait(name: str, source: Ints) -> Floats:
    return np.array([getattr(_TRAITS[word], name) for word in SOURCES], dtype=np.float64)[source]


def _arrivals(leads: int, drift: bool, random: np.random.Generator) -> tuple[Ints, Ints]:
    first, last = ARRIVALS.work(np.array([BEGIN, END], dtype=np.int64))
    created_at = np.minimum(
        ARRIVALS.reached(random.uniform(first, last, leads)), END - MICROSECONDS_PER_SECOND
    )
    shares = np.array([[t.share, t.share_after_drift] for t in (_TRAITS[name] for name in SOURCES)]).T
    late = (created_at >= HALF).astype(np.int64) if drift else np.zeros(leads, dtype=np.int64)
    edges = (shares / shares.sum(axis=1, keepdims=True)).cumsum(axis=1)[late]
    source = np.minimum((random.random(leads)[:, None] >= edges).sum(axis=1), len(SOURCES) - 1)
    for name, batches in _BATCHES.items():
        rows = np.flatnonzero(source == SOURCES.index(name))
        step = DAYS // batches
        day = ((created_at[rows] - BEGIN) // MICROSECONDS_PER_DAY // step).clip(
            0, batches - 1
        ) * step + step // 2
        weekday = (day + 6) % 7  # the first day watched is a Sunday
        day = np.where(weekday >= 5, day + 7 - weekday, day)
        minute = (day * 7) % 60  # lists come in on a working morning
        created_at[rows] = (
            BEGIN + day * MICROSECONDS_PER_DAY + (9 * 60 + minute) * 60 * MICROSECONDS_PER_SECOND
        )
    # No lead's day may begin exactly when the watch ends: its state then would not have been lived.
    created_at += np.where(created_at % MICROSECONDS_PER_DAY == 0, MICROSECONDS_PER_SECOND, 0)
    order = np.lexsort((source, created_at))
    return created_at[order], source[order]
