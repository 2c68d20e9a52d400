"""How much one caller may ask: a bucket of tokens that fills at a steady rate."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class Buckets:
    """One bucket for each caller; a request takes a token, and without one it has to wait.

    Parameters
    ----------
    per_second : float
        How fast a bucket fills.
    burst : float, ≥ 1
        How many tokens it holds: so many requests may come at once after a quiet time.
    """

    def __init__(self, *, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, who: str, now: float) -> float:
        """Take a token and return 0, or return in how many seconds there will be one.

        Parameters
        ----------
        who : str
            The id of a key: there are only as many buckets as keys.
        now : float
            Seconds on a clock that never goes back.
        """
        bucket = self._buckets.setdefault(who, _Bucket(self._burst, now))
        bucket.tokens = min(self._burst, bucket.tokens + (now - bucket.filled_at) * self._per_second)
        bucket.filled_at = now
        if bucket.tokens < 1:
            return (1 - bucket.tokens) / self._per_second
        bucket.tokens -= 1
        return 0.0
