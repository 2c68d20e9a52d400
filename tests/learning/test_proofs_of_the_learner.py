"""Short versions of the learner's long proofs, and the statistics that they rest on."""

import functools
import hashlib
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from benchmarks import learner, prove_autogluon, prove_bundles, prove_little, prove_truth, prove_uci
from benchmarks.peers import environment, measured
from readiness.crm import simulate


def test_the_corrected_test_is_the_usual_one_where_no_leads_are_shared() -> None:
    gaps = np.array([0.1, 0.3, -0.1, 0.2])
    usual = stats.ttest_1samp(gaps, 0.0, alternative="greater").pvalue
    assert prove_uci.corrected(gaps, learned=10**12, unseen=1) == pytest.approx(usual)
    assert prove_uci.corrected(gaps, learned=3, unseen=1) > usual


def test_the_corrected_test_counts_shared_leads() -> None:
    # mean 0.125, variance 0.029166…, times 1/4 + 1/3: t = 0.125 / 0.13043… = 0.9583…
    gaps = np.array([0.1, 0.3, -0.1, 0.2])
    assert prove_uci.corrected(gaps, 3, 1) == pytest.approx(
        stats.t.sf(0.125 / math.sqrt(0.0875 / 3 * 7 / 12), 3)
    )


def test_equal_classifiers_are_never_better() -> None:
    assert prove_uci.corrected(np.zeros(5), 3, 1) == 1.0


def test_holm_multiplies_the_smallest_by_their_number_and_never_falls() -> None:
    # sorted .01 × 3, .02 × 2, .9 × 1
    assert prove_uci.holm([0.02, 0.9, 0.01]) == pytest.approx([0.04, 0.9, 0.03])
    assert prove_uci.holm([]) == []


def found(gap: float) -> dict[str, object]:
    return {"kind": "50", "gap": [gap, -0.001], "card": [0.01, 0.001]}


def test_a_model_worse_than_the_card_is_told() -> None:
    assert prove_little.summary([found(-0.002), found(-0.001)] * 3)[1].startswith("Holds")
    assert "won at 50" in prove_little.summary([found(0.002), found(0.001)])[1]


def test_too_little_to_learn_from_is_counted_as_the_rules_alone() -> None:
    rows, _ = prove_little.summary([found(-0.002), found(-0.001), {"kind": "50", "gap": None}])
    assert (rows[0]["worlds"], rows[0]["rules alone"]) == (3, 1)


@pytest.mark.slow
def test_with_eighty_resolved_leads_the_model_is_about_as_good_as_the_card() -> None:
    told = prove_little.work("80", 1)
    assert max(told["gap"]) < 0.003


def test_the_truth_of_proportional_hazards_is_what_happens_to_many() -> None:
    made, _ = prove_truth.pair("log-linear", 0, (30.0, 90.0), leads=4_000, asked=1)
    for end in (1, 2):
        for column, day in enumerate((30.0, 90.0)):
            happened = ((made.y[:, 0] == end) & (made.y[:, 1] < day)).mean()
            assert made.truth[:, column, end - 1].mean() == pytest.approx(happened, abs=0.02)


@pytest.mark.parametrize("censoring", prove_truth.CENSORINGS)
def test_nothing_is_seen_after_a_lead_is_lost(censoring: str) -> None:
    made, _ = prove_truth.pair("log-linear", 0, (30.0, 90.0), leads=500, asked=1)
    seen = prove_truth.censored(made, censoring, 0)
    assert (seen[:, 1] <= made.y[:, 1]).all()
    assert ((seen[:, 0] == 0) == (seen[:, 1] < made.y[:, 1])).all()


@pytest.mark.slow
def test_dropping_unresolved_leads_is_far_from_the_truth_and_that_shows() -> None:
    told = prove_truth.work("log-linear / 45 days", 0, peers=())
    assert told["rmse"]["ours"][0] < 0.6 * told["rmse"]["dropping"][0]
    assert abs(told["bias"]["ours"][0]) < 0.03 < told["bias"]["dropping"][0]


def beside_autogluon(seed: int, loss: float, seconds: float) -> dict[str, object]:
    figures = {"readiness": {"log-loss": loss, "AUC": 0.8}, "AutoGluon": {"log-loss": 0.2, "AUC": 0.8}}
    return {"seed": seed, "figures": figures, "seconds": {"readiness": seconds, "AutoGluon": 600.0}}


@pytest.mark.parametrize(
    ("loss", "seconds", "said"),
    [
        (0.2009, 60.0, "Holds: our log-loss is +0.45%."),
        (0.2011, 60.0, "Does not hold: our log-loss is +0.55% (allowed: +0.5%)."),
        (0.1900, 61.0, "Does not hold: we take 0.10 of its processor seconds (allowed: 0.1)."),
    ],
)
def test_within_half_a_percent_at_a_tenth_of_the_time(loss: float, seconds: float, said: str) -> None:
    rows, sentence = prove_autogluon.summary([beside_autogluon(seed, loss, seconds) for seed in (1, 0)], 2)
    assert sentence.startswith(said)
    assert [row["seed"] for row in rows] == ["0", "1", "mean of 2"]


def test_what_has_not_been_answered_is_not_claimed() -> None:
    told = prove_autogluon.summary([beside_autogluon(0, 0.2, 1.0)])[1]
    assert "On 1 of 5 splits: of the others nothing is claimed yet." in told
    assert prove_autogluon.summary([]) == ([], "AutoGluon has answered none of 5 splits: nothing is claimed.")


def echoing(folder: Path) -> environment.Environment:
    """Return an environment that is there already: this Python, made from an empty lock file."""
    lock, made = folder / "requirements.lock", folder / "made"
    (made / ".venv" / "bin").mkdir(parents=True)
    lock.write_text("", encoding="utf-8")
    (made / "installed").write_text(hashlib.sha256(b"").hexdigest(), encoding="utf-8")
    interpreter = made / ".venv" / "bin" / "python"
    interpreter.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n', encoding="utf-8")
    interpreter.chmod(0o755)
    (folder / "twice.py").write_text(
        "import sys\nimport numpy as np\n"
        "given = np.load(sys.argv[1] + '/given.npz')\n"
        "np.savez(sys.argv[1] + '/answer.npz', twice=2 * given['x'])\n",
        encoding="utf-8",
    )
    return environment.Environment(lock, made)


def test_an_answer_is_kept_until_the_question_the_script_or_the_lock_changes(tmp_path: Path) -> None:
    within, script, x = echoing(tmp_path), str(tmp_path / "twice"), np.array([1.0, 2.0])
    known = functools.partial(environment.answered, script, within=within, answers=tmp_path)
    assert not known(x=x)
    told = environment.ask(script, within=within, answers=tmp_path, x=x)
    assert told["twice"].tolist() == [2.0, 4.0]
    assert known(x=x)
    assert not known(x=x + 1.0)
    within.lock.write_text("other\n", encoding="utf-8")
    assert not known(x=x)


@pytest.mark.parametrize("made", [environment.PEERS, environment.AUTOGLUON], ids=["peers", "AutoGluon"])
def test_a_peers_lock_names_versions_and_hashes_and_no_address(made: environment.Environment) -> None:
    text = made.lock.read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    pinned = [line for line in text.splitlines() if line and not line.startswith((" ", "#"))]
    assert all("==" in line and line.endswith("\\") for line in pinned)


def test_no_edit_of_a_cell_goes_unnoticed() -> None:
    assert prove_bundles.unnoticed(simulate.world(30, 2).tables, 60, 0) == []


def test_an_edit_that_changes_nothing_would_be_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prove_bundles, "edited", lambda values, _: values)
    assert len(prove_bundles.unnoticed(simulate.world(30, 2).tables, 3, 0)) == 3


def test_two_names_for_the_same_data_are_told() -> None:
    runs = [{"kind": "training", "name": name, "seconds": 1.0} for name in ("a", "a", "b")]
    edits = [{"kind": "edits", "edits": 100, "unnoticed": []}]
    assert prove_bundles.summary([*runs, *edits])[1].startswith("Does not hold")
    assert prove_bundles.summary([*runs[:2], *edits])[1].startswith("Holds")


@pytest.mark.slow
def test_the_time_of_bare_fits_is_part_of_the_whole_and_the_claims_are_compared_with_it() -> None:
    small = learner.measured(700)
    assert float(str(small["around ÷ fits"])) > 0.0
    assert float(str(small["predict ÷ bare"])) >= 1.0
    slow = {**small, "explain ÷ bare": 2.0}
    assert "explain ÷ bare 2.00 at 700 (allowed 1.3)" in learner.told([slow])
    many = {**small, "snapshots": 7_000, "bare fits, s": 50.0 * float(str(small["bare fits, s"]))}
    assert "grows faster than the number of snapshots" in learner.told([small, many])
    assert learner.drawn([small, many]) == learner.drawn([small, many])
    assert "Everything around them" in learner.drawn([small, many])


def test_a_lead_is_looked_at_once_in_the_recorded_world_and_its_truth_is_known() -> None:
    learned, asked = prove_truth.pair("recorded CRM", 0, (30.0, 90.0), leads=300, asked=100)
    assert learned.X.shape[1] == asked.X.shape[1] == len(learned.levels)
    assert np.isfinite(asked.truth).all()
    assert (np.diff(asked.truth, axis=1) >= 0.0).all()


def test_a_slow_peer_s_errors_are_kept_by_what_was_asked_and_the_first_stay(tmp_path: Path) -> None:
    kept = tmp_path / "measured.jsonl"
    assert measured.found("a", kept) is None
    measured.keep("a", {"rmse": [0.1, 0.2], "seconds": 50.0}, kept)
    measured.keep("a", {"rmse": [9.9, 9.9], "seconds": 1.0}, kept)
    measured.keep("b", {"rmse": [0.3, 0.4], "seconds": 51.0}, kept)

    assert (measured.found("a", kept) or {})["rmse"] == [0.1, 0.2]
    assert (measured.found("b", kept) or {})["seconds"] == 51.0
    assert measured.found("c", kept) is None


def test_another_array_or_another_seed_is_another_question() -> None:
    given = {"X": np.zeros((2, 2)), "truth": np.ones(2)}
    asked = environment.question("survival", "survival_boost", "1", **given)
    assert asked == environment.question("survival", "survival_boost", "1", **given)
    assert asked != environment.question("survival", "survival_boost", "2", **given)
    assert asked != environment.question("survival", "survival_boost", "1", **{**given, "truth": np.zeros(2)})
