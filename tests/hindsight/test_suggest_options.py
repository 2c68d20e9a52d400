import numpy as np
import pytest

from readiness import shipped
from readiness.agreement.reading import load
from readiness.crm import simulate
from readiness.hindsight import suggest_choosing, suggest_interest, suggest_options
from readiness.hindsight.proposals import END, amended, lawful
from readiness.hindsight.suggest_criteria import Trait, failing, fields, readable, traits
from readiness.hindsight.suggest_evidence import Evidence
from readiness.hindsight.suggest_material import material
from readiness.hindsight.suggest_shoulds import shoulds
from readiness.hindsight.suggest_sources import sources
from tests.builders import lead, tables

AGREED = load(shipped.agreement())
SURELY_BAD = Evidence(200, 60, 0.01, 0.2, 0.2, 0.02, 0.02, 0.01, 0.05, 1e-9)
SURELY_GOOD = Evidence(200, 60, 0.2, 0.01, 0.02, 0.1, 30.0, 10.0, 90.0, 1e-9)
SURELY_NOTHING = Evidence(9_000, 900, 0.1, 0.1, 0.1, 0.1, 1.0, 0.9, 1.1, 0.9)
TELLS_LITTLE = Evidence(200, 60, 0.1, 0.1, 0.1, 0.1, 0.7, 0.5, 0.95, 1e-9)
UNSURE = Evidence(200, 60, 0.1, 0.1, 0.1, 0.1, 0.8, 0.3, 2.0, 0.5)
ALL_UNSURE = {criterion.name: UNSURE for criterion in AGREED.profile.criteria}


def trait(field, word, evidence, sure=True, known=1.0):
    return Trait(field, {"any_of": [word]}, evidence, sure, known)


def told(options):
    return [option.says for option in options]


def ruled_out(*found: Trait):
    offered = suggest_options.options(AGREED, found, ALL_UNSURE)
    return [says for options in offered.values() for says in told(options) if "must-not" in says]


@pytest.fixture(scope="module")
def laid_out():
    found, missing = material(simulate.world(1_500, 4).tables, AGREED)
    assert found is not None, missing
    pool = found.looker.lineless(amended(AGREED, suggest_options.loosened(AGREED)))[0]
    looker = found.looker.where(pool)
    passing = suggest_options.options(AGREED, traits(found, AGREED), failing(found, AGREED))
    return looker, *suggest_choosing._grid(found, looker, AGREED, passing)


def test_the_conditions_put_together_hand_over_what_the_agreement_hands_over(laid_out):
    looker, grid, _ = laid_out
    for line in (3.0, 15.0, 40.0):
        assert grid.ladder({}).handed_over(line).tolist() == looker.ladder(AGREED).handed_over(line).tolist()


def test_each_option_hands_over_what_the_document_that_says_so_hands_over(laid_out):
    looker, grid, offered = laid_out
    for slot, options in offered.items():
        for number, option in enumerate(options[:2]):
            written = looker.ladder(amended(AGREED, option.edits)).handed_over(15.0)
            tried = grid.ladder({slot: number}).handed_over(15.0)
            assert len(np.setxor1d(tried, written)) <= 0.03 * max(len(written), 30), option.says


def test_what_is_offered_makes_documents_that_can_be_signed(laid_out):
    *_, offered = laid_out
    unlawful = [
        option.says
        for options in offered.values()
        for option in options[:2]
        if lawful(amended(AGREED, option.edits)) is None
    ]
    assert unlawful == []


def test_what_surely_goes_with_stops_may_be_ruled_out_the_worst_alone_or_all_of_them():
    worse = Evidence(200, 60, 0.0, 0.3, 0.2, 0.02, 0.01, 0.005, 0.05, 1e-9)
    assert ruled_out(trait("region", "asia", SURELY_BAD), trait("region", "americas", worse)) == [
        "new must-not `region`: `region` is `americas`",
        "new must-not `region`: `region` is `americas` and `asia`",
    ]


def test_what_only_seems_to_go_with_stops_is_not_ruled_out():
    assert (
        ruled_out(trait("region", "asia", SURELY_BAD, sure=False), trait("region", "dach", SURELY_GOOD)) == []
    )


def test_a_criterion_whose_failing_surely_does_harm_is_not_given_up():
    surely = {**ALL_UNSURE, "company size": SURELY_BAD}
    offered = suggest_options.options(AGREED, [], surely)["profile.company size"]
    assert not any("instead of a must" in says for says in told(offered))
    unsure = suggest_options.options(AGREED, [], ALL_UNSURE)["profile.company size"]
    assert "`company size`: a should instead of a must" in told(unsure)


def test_a_must_not_of_a_name_that_is_taken_gets_one_of_its_own():
    assert ruled_out(trait("need", "none", SURELY_BAD)) == ["new must-not `need ruled out`: `need` is `none`"]


@pytest.mark.parametrize(
    ("source", "evidence", "says"),
    [
        ("outbound", SURELY_BAD, ["new dubious source: `outbound`"]),
        ("outbound", UNSURE, []),
        ("bought_list", SURELY_BAD, []),
        ("bought_list", SURELY_GOOD, ["no longer a dubious source: `bought_list`"]),
        ("customer_referral", SURELY_BAD, []),
    ],
)
def test_sources_are_dubious_where_history_surely_says_so(source, evidence, says):
    assert told(sources(AGREED, [trait("source", source, evidence)])) == says


def test_what_surely_goes_with_sales_and_is_known_of_most_becomes_a_should():
    found = [trait("region", "DACH", SURELY_GOOD), trait("taste", "good", SURELY_GOOD, known=0.5)]
    assert told(shoulds(AGREED, found, ALL_UNSURE)) == ["new should `region`: `region` is `DACH`"]


def test_a_should_that_surely_tells_nothing_is_dropped_with_its_question():
    (dropped,) = shoulds(AGREED, [], {**ALL_UNSURE, "country": SURELY_NOTHING})
    assert dropped.says == "`country`: no longer a should"
    assert lawful(amended(AGREED, dropped.edits)) is not None


def test_shoulds_are_weighed_by_how_much_they_tell():
    found = {**ALL_UNSURE, "industry": TELLS_LITTLE, "country": SURELY_BAD}
    assert told(shoulds(AGREED, [], found)) == ["`industry`: weight 2 → 0.5", "`country`: weight 1 → 2.5"]


def test_whether_a_lead_may_be_called_is_no_criterion():
    asked = fields(tables([lead(do_not_call="yes", region="DACH")]))
    assert asked == ["region", "source"]


@pytest.mark.parametrize(("number", "said"), [(0.0, 0.0), (37.7, 38.0), (1234.0, 1200.0), (-0.0149, -0.015)])
def test_numbers_are_rounded_to_what_people_write(number, said):
    assert readable(number) == said


def kind(points, evidence, sure=True):
    return suggest_interest.Kind("chat", points, 21.0, 1, None, evidence, sure)


@pytest.mark.parametrize(
    ("found", "offered"),
    [
        (kind(8.0, SURELY_GOOD), [12.0, 16.0, 24.0]),
        (kind(8.0, SURELY_GOOD, sure=False), []),
        (kind(8.0, SURELY_BAD), [0.0, 4.0]),
        (kind(8.0, UNSURE), []),
        (kind(0.0, SURELY_GOOD), [2.0, 5.0, 10.0]),
        (kind(0.0, SURELY_BAD), []),
    ],
    ids=["tells", "seems to tell", "tells less than others", "unsure", "unnamed, tells", "unnamed, bad"],
)
def test_an_activity_is_offered_more_or_fewer_points_only_where_it_surely_tells(found, offered):
    assert sorted(suggest_interest._points_of(found, middle=2.0)) == offered


def test_weights_half_lives_thresholds_and_criteria_of_the_profile_may_all_be_proposed(laid_out):
    *_, offered = laid_out
    found = [option for options in offered.values() for option in options]
    tells = {**ALL_UNSURE, "industry": TELLS_LITTLE, "country": SURELY_BAD}
    found += shoulds(AGREED, [trait("region", "europe", SURELY_GOOD)], tells)
    found.append(suggest_interest._worth(AGREED, kind(8.0, SURELY_GOOD), 12.0, middle=2.0))
    changed = {".".join(map(str, edit.loc)) for option in found for edit in option.edits}
    assert changed >= {
        "profile.criteria.country.weight",
        "interest.meaningful.chat.points",
        "interest.half_life_days",
        "profile.known_at_least",
        "handover.bant_at_least",
        f"profile.criteria.{END}",
    }
