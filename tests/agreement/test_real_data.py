"""The shipped agreement on exports that real sellers wrote, none of which it was written for."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from readiness import shipped
from readiness.agreement import sentences
from readiness.agreement.bant import BANT_CONFIRMED, BANT_DENIED, BANT_UNKNOWN
from readiness.agreement.document import CATEGORIES, PIECES
from readiness.agreement.reading import load
from readiness.agreement.verdicts import Verdicts, evaluate
from readiness.crm import mapping
from readiness.history import snapshots
from tests.agreement.agreements import advised

pytestmark = pytest.mark.realdata


def verdicts_of(name: str, source: Path) -> Verdicts:
    tables = mapping.apply(mapping.load(shipped.mapping(name)), [source]).tables
    return evaluate(tables, snapshots.at(tables, 0), load(shipped.agreement()))


def told(verdicts: Verdicts) -> list[str]:
    advices = advised(verdicts)
    rows = range(0, len(verdicts), max(1, len(verdicts) // 40))
    kinds = [sentences.category(verdicts, row)["because"] for row in rows]
    return kinds + [sentences.advice(verdicts, advices, row)["because"] for row in rows]


def test_the_bant_table_of_bohanec_is_the_one_of_the_paper(bohanec: Path) -> None:
    verdicts = verdicts_of("bohanec", bohanec)

    states = {name: Counter(verdicts.bant.state[:, column].tolist()) for column, name in enumerate(PIECES)}
    assert states["budget"] == {BANT_CONFIRMED: 219, BANT_DENIED: 193, BANT_UNKNOWN: 36}
    assert states["authority"] == {BANT_CONFIRMED: 32, BANT_DENIED: 17, BANT_UNKNOWN: 399}
    assert states["need"] == {BANT_CONFIRMED: 420, BANT_DENIED: 17, BANT_UNKNOWN: 11}
    assert states["timeframe"] == {BANT_UNKNOWN: 448}  # the paper asks for none


def test_bohanec_fits_by_what_its_columns_say_and_criteria_it_lacks_are_unknown(bohanec: Path) -> None:
    verdicts = verdicts_of("bohanec", bohanec)

    assert Counter(CATEGORIES[code] for code in verdicts.category)["unworthy"] == 2  # its bad clients
    assert set(verdicts.criteria_known.tolist()) == {2}
    assert "asked for a proposal" in " ".join(told(verdicts))


def test_bank_clients_without_any_sign_of_interest_or_fit_are_dubious_and_not_unworthy(
    bank_marketing: Path,
) -> None:
    verdicts = verdicts_of("bank_marketing", bank_marketing)

    names = Counter(CATEGORIES[code] for code in verdicts.category)
    assert set(names) == {"dubious", "unqualified_suitability"}
    assert np.isnan(verdicts.fit.share).all()
    assert "bought in our last campaign" in " ".join(told(verdicts))
