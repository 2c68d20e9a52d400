import numpy as np
import pytest

from readiness.crm.tables import Flags, Floats, Ints
from readiness.judging.skill import skill


def losses(gain: float, leads: int, seed: int) -> tuple[Floats, Floats, Floats, Floats, Ints, Flags]:
    rng = np.random.default_rng(seed)
    base = rng.random(leads) + 1
    model = base - gain + 0.3 * rng.normal(size=leads)
    return model, base, base, np.ones(leads), np.arange(leads), np.arange(leads) % 3 == 0


def test_a_large_gain_is_claimed() -> None:
    found = skill(*losses(0.2, 400, 0), seed=0)
    assert found.claimed
    assert found.sentence.startswith("Skill is claimed")
    assert found.lower_999 is not None
    assert found.gain is not None
    assert 0 < found.lower_999 < found.gain


def test_a_gain_within_chance_is_not_claimed() -> None:
    found = skill(*losses(0.02, 400, 0), seed=0)
    assert not found.claimed
    assert found.sentence.startswith("No skill was found")


def test_the_bound_is_one_in_a_thousand() -> None:
    # paired gain 0.2, standard error 0.3 / √400 = 0.015: the bound lies 3.09 of them below the estimate
    found = skill(*losses(0.2, 400, 1), seed=0)
    assert found.gain is not None
    assert found.lower_999 == pytest.approx(found.gain - 3.09 * 0.015, abs=0.006)


def test_many_snapshots_of_few_leads_make_no_claim_surer() -> None:
    model, base, overall, weight, lead, won = losses(0.09, 100, 3)
    once = skill(model, base, overall, weight, lead, won, seed=0)
    columns = [np.tile(column, 50) for column in (model, base, overall, weight)]
    repeated = skill(
        columns[0], columns[1], columns[2], columns[3], np.tile(lead, 50), np.tile(won, 50), seed=0
    )
    assert repeated.lower_999 == pytest.approx(once.lower_999)


def test_what_is_not_known_at_the_horizon_does_not_count() -> None:
    model, base, overall, weight, lead, won = losses(0.2, 400, 0)
    weight[200:] = 0.0
    unknown_worse = np.where(weight > 0, model, model + 99)
    assert skill(unknown_worse, base, overall, weight, lead, won, seed=0) == skill(
        model, base, overall, weight, lead, won, seed=0
    )


@pytest.mark.parametrize(
    ("leads", "known"), [(0, "no lead it has not seen"), (1, "only 1 lead"), (29, "only 29 leads")]
)
def test_too_few_leads_claim_nothing(leads: int, known: str) -> None:
    found = skill(*losses(5.0, leads, 0), seed=0)
    assert not found.claimed
    assert f"the outcome of {known} is known; it takes 30" in found.sentence


def test_a_missing_score_claims_nothing() -> None:
    model, base, overall, weight, lead, won = losses(0.2, 400, 0)
    model[0] = np.nan
    assert not skill(model, base, overall, weight, lead, won, seed=0).claimed


def test_the_same_seed_gives_the_same_bound() -> None:
    assert skill(*losses(0.05, 60, 0), seed=7) == skill(*losses(0.05, 60, 0), seed=7)


def test_chance_gains_are_claimed_at_most_once_in_a_thousand() -> None:
    claims = sum(skill(*losses(0.0, 60, seed), seed=seed).claimed for seed in range(25))
    assert claims == 0


def test_a_gain_over_a_rough_base_rate_alone_is_not_claimed() -> None:
    model, base, overall, weight, lead, won = losses(0.2, 400, 0)
    found = skill(model, base, overall - 0.2, weight, lead, won, seed=0)
    assert not found.claimed
    assert found.lower_999 is not None
    assert found.lower_999 > 0
    assert "Against the base rate of all ages" in found.sentence


@pytest.mark.parametrize(("won", "claimed"), [(0, False), (9, False), (10, True), (391, False)])
def test_with_fewer_than_ten_leads_won_or_not_won_nothing_is_claimed(won: int, claimed: bool) -> None:
    model, base, overall, weight, lead, _ = losses(0.5, 400, 0)
    found = skill(model, base, overall, weight, lead, np.arange(400) < won, seed=0)
    assert found.claimed == claimed
    assert claimed or "were won" in found.sentence


def test_forecasting_less_than_the_base_rate_is_no_skill_where_by_chance_nobody_was_won() -> None:
    # 60 leads of which 1 in 20 is won: 1 in 22 such samples has none, and then every loss is lower.
    less, base = np.full(60, -np.log(0.96)), np.full(60, -np.log(0.95))
    found = skill(less, base, base, np.ones(60), np.arange(60), np.zeros(60, dtype=np.bool_), seed=0)
    assert not found.claimed


def test_without_ages_the_sentence_tells_of_one_base_rate() -> None:
    assert "the base rate per age" in skill(*losses(0.2, 400, 0), seed=0).sentence
    assert "per age" not in skill(*losses(0.2, 400, 0), seed=0, by_age=False).sentence
