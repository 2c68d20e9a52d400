"""The page on the mapping language shows a mapping that works."""

from __future__ import annotations

from pathlib import Path

from readiness.crm import mapping
from readiness.crm.mapping.operations import FUNCTIONS
from tests.mappings.exports import activities, answers, ends, lead_ids, write

PAGE = (Path(__file__).parents[2] / "docs" / "mappings" / "language.md").read_text(encoding="utf-8")
EXAMPLE = PAGE.split("```yaml\n")[1].split("```")[0].replace("accounts.xlsx", "accounts.csv")

PERSON = {
    "id": "1",
    "is_deleted": "no",
    "account_id": "ACME1",
    "created": "2026-01-02 10:00",
    "origin": "Web",
    "email": "A@example.com",
    "probability": "90",
    "contact_id": "c1",
    "opened_at": "2026-01-05",
    "demo_at": "",
    "stage": "Won",
    "closed": "2026-02-01",
}


def test_the_example_imports_an_export(tmp_path: Path) -> None:
    call = {"person": "c1", "at": "03.01.2026 09:30", "result": "talked", "way": ""}
    change = '{"person": "1", "changed": "2026-01-09", "name": "Budget", "new_value": "approved"}\n'
    write(
        tmp_path,
        people=[PERSON],
        accounts=[{"id": "ACME-1", "industry": "software", "staff": "80"}],
        calls=[call],
    )
    (tmp_path / "field_history.jsonl").write_text(change, encoding="utf-8")

    received = mapping.apply(mapping.parse(EXAMPLE), [tmp_path])

    assert received.faults == ()
    assert lead_ids(received.tables) == ["1"]
    assert [row[2:] for row in activities(received.tables)] == [
        ("call_connected", "outbound"),
        ("email_opened", "inbound"),
    ]
    assert answers(received.tables) == [("1", "2026-01-09", "budget", "approved")]
    assert ends(received.tables) == [("1", "2026-02-01", "closed_won")]
    assert sorted(received.tables.leads.attributes) == ["company_size", "industry"]


def test_the_page_names_every_function() -> None:
    told = PAGE.split("## Expressions")[1]
    assert [name for name in FUNCTIONS if f"`{name}" not in told] == []
