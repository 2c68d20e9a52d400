"""Small exports as CRMs of several languages, dialects and habits write them."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import pandas as pd

ROWS: Final = 60
DAY: Final = dt.date(2026, 1, 5)


def written(frame: pd.DataFrame, separator: str = ",", encoding: str = "utf-8") -> bytes:
    """Return a table as the bytes of a CSV file."""
    return frame.to_csv(index=False, sep=separator).encode(encoding)


def days(form: str, plus: int = 0, step: int = 1) -> list[str]:
    """Return a date for each row, written in a form."""
    return [(DAY + dt.timedelta(days=row * step + plus)).strftime(form) for row in range(ROWS)]


def cycle(*words: str) -> list[str]:
    """Return the words over and over, one a row."""
    return [words[row % len(words)] for row in range(ROWS)]


def ended(dates: list[str], words: list[str], open_word: str) -> list[str]:
    """Return dates only where a row is not open."""
    return ["" if word == open_word else date for date, word in zip(dates, words, strict=True)]


def keys(prefix: str, start: int = 1000) -> list[str]:
    """Return an id for each row."""
    return [f"{prefix}{start + row}" for row in range(ROWS)]


def german() -> dict[str, bytes]:
    """Return deals with semicolons, umlauts of Windows, decimal commas and days first."""
    state = cycle("Gewonnen", "Verloren", "Offen")
    frame = pd.DataFrame(
        {
            "Vorgangsnummer": keys("V"),
            "Angelegt am": days("%d.%m.%Y"),
            "Herkunft": cycle("Messe", "Webseite", "Empfehlung", "Unbekannt"),
            "Branche": cycle("Großhandel", "Maschinenbau", "k.A."),
            "Jahresumsatz": cycle("1.250,5", "980,25", "12,0", "3.400,75"),
            "Status": state,
            "Abschlussdatum": ended(days("%d.%m.%Y", 40), state, "Offen"),
            "Abschlusswert": ["500,0" if word == "Gewonnen" else "" for word in state],
        }
    )
    return {"vorgaenge.csv": written(frame, ";", "cp1252")}


def american() -> dict[str, bytes]:
    """Return leads, tasks and opportunities with months first and times of no zone."""
    stage = cycle("Closed Won", "Closed Lost", "Negotiation")
    leads = pd.DataFrame(
        {
            "Lead ID": keys("00Q"),
            "Created Date": days("%m/%d/%Y 09:%M"),
            "Lead Source": cycle("Web", "Customer Referral", "Purchased List"),
            "First Name": cycle("Ann", "Bob"),
            "Email": [f"p{row}@example.com" for row in range(ROWS)],
            "Employees": cycle("10", "200", "35", "1200"),
        }
    )
    tasks = pd.DataFrame(
        {
            "Task ID": keys("00T"),
            "Lead ID": keys("00Q"),
            "Activity Date": days("%m/%d/%Y 10:%M", 3),
            "Type": cycle("Call", "Email", "Demo", "Web Visit"),
        }
    )
    deals = pd.DataFrame(
        {
            "Opportunity ID": keys("006"),
            "Lead ID": keys("00Q"),
            "Stage": stage,
            "Close Date": days("%m/%d/%Y 11:%M", 30),
            "Amount": cycle("100", "0", "50"),
        }
    )
    return {"leads.csv": written(leads), "tasks.csv": written(tasks), "opportunities.csv": written(deals)}


def spanish() -> dict[str, bytes]:
    """Return contacts with tabs, a byte order mark, and an opt-out with its date."""
    state = cycle("Ganado", "Perdido", "Abierto")
    frame = pd.DataFrame(
        {
            "id": keys("", 50000),
            "fecha_alta": days("%d/%m/%Y"),
            "origen": cycle("Feria", "Web"),
            "estado": state,
            "fecha_cierre": ended(days("%d/%m/%Y", 20), state, "Abierto"),
            "no_llamar": cycle("No", "No", "Si", "No"),
            "no_llamar_fecha": ["" if row % 4 != 2 else day for row, day in enumerate(days("%d/%m/%Y", 50))],
        }
    )
    return {"clientes.tsv": written(frame, "\t", "utf-8-sig")}


def french() -> dict[str, bytes]:
    """Return leads whose words are French, with years first."""
    state = cycle("gagné", "perdu", "en cours")
    frame = pd.DataFrame(
        {
            "numero": keys("F-"),
            "date_creation": days("%Y/%m/%d"),
            "provenance": cycle("salon", "site"),
            "statut": state,
            "date_cloture": ended(days("%Y/%m/%d", 10), state, "en cours"),
        }
    )
    return {"prospects.csv": written(frame, ";")}


def slovenian() -> dict[str, bytes]:
    """Return leads whose words are Slovenian, with blanks within dates."""
    state = cycle("Pridobljen", "Izgubljen", "Odprt")
    frame = pd.DataFrame(
        {
            "stevilka": keys("S-"),
            "ustvarjeno": days("%d. %m. %Y"),
            "vir": cycle("sejem", "splet", "neznano"),
            "stanje": state,
            "zaprto": ended(days("%d. %m. %Y", 15), state, "Odprt"),
        }
    )
    return {"stranke.csv": written(frame, "|")}


def campaign() -> dict[str, bytes]:
    """Return calls of a campaign: no id, no date, a yes or no at the end."""
    frame = pd.DataFrame(
        {
            "age": cycle("31", "45", "58"),
            "job": cycle("clerk", "unknown", "manager"),
            "pdays": ["999" if row % 3 else str(row % 7) for row in range(ROWS)],
            "duration": cycle("120", "30"),
            "subscribed": cycle("yes", "no", "no"),
        }
    )
    return {"calls.csv": written(frame)}


def parquet() -> dict[str, bytes]:
    """Return typed columns: timestamps of UTC, booleans, numbers."""
    created = pd.to_datetime(days("%Y-%m-%d"), utc=True)
    won = [row % 3 == 0 for row in range(ROWS)]
    frame = pd.DataFrame(
        {
            "lead_id": range(1, ROWS + 1),
            "created_at": created,
            "source": cycle("web", "chat"),
            "won": won,
            "closed_at": [
                day + pd.Timedelta(days=9) if one else pd.NaT for day, one in zip(created, won, strict=True)
            ],
            "employees": [float(row) for row in range(ROWS)],
        }
    )
    content = io.BytesIO()
    frame.to_parquet(content)
    return {"leads.parquet": content.getvalue()}


def wide() -> dict[str, bytes]:
    """Return one row a contact with columns of dates for what it did, and a deleted row in ten."""
    state = cycle("customer", "lead", "unqualified")
    dates = days("%Y-%m-%dT08:00:00Z")
    frame = pd.DataFrame(
        {
            "contact_id": keys("C"),
            "createdate": dates,
            "original_source": cycle("ORGANIC_SEARCH", "REFERRALS"),
            "last_email_opened_at": [
                "" if row % 2 else day for row, day in enumerate(days("%Y-%m-%dT09:00:00Z", 1))
            ],
            "demo_at": ["" if row % 5 else day for row, day in enumerate(days("%Y-%m-%dT10:00:00Z", 2))],
            "lifecycle_status": state,
            "closed_at": ended(days("%Y-%m-%dT11:00:00Z", 5), state, "lead"),
            "is_deleted": ["true" if row % 10 == 9 else "false" for row in range(ROWS)],
        }
    )
    return {"contacts.csv": written(frame)}


def joined() -> dict[str, bytes]:
    """Return a pipeline that names accounts and products, one product otherwise than its file does."""
    state = cycle("Won", "Lost", "Engaging")
    begun = days("%Y-%m-%d")
    pipeline = pd.DataFrame(
        {
            "opportunity_id": keys("OP"),
            "product": cycle("GTXPro", "MG Special"),
            "account": cycle("Acme Corporation", "Betasoloin", "Cancity"),
            "deal_stage": state,
            "engage_date": ["" if row % 12 == 2 else day for row, day in enumerate(begun)],
            "close_date": ended(days("%Y-%m-%d", 30), state, "Engaging"),
            "close_value": ["100" if word == "Won" else "" for word in state],
        }
    )
    accounts = pd.DataFrame(
        {
            "account": ["Acme Corporation", "Betasoloin", "Cancity"],
            "sector": ["retail", "medical", "retail"],
            "product": ["a", "b", "c"],
        }
    )
    products = pd.DataFrame({"product": ["GTX Pro", "MG Special"], "series": ["GTX", "MG"]})
    return {
        "sales_pipeline.csv": written(pipeline),
        "accounts.csv": written(accounts),
        "products.csv": written(products),
    }


def history() -> dict[str, bytes]:
    """Return leads with a history of fields, hand-overs, and visits that are tied by e-mail."""
    begun = days("%Y-%m-%dT08:00:00+01:00")
    leads = pd.DataFrame(
        {
            "id": keys("L"),
            "created_at": begun,
            "email": [f"p{row}@example.com" for row in range(ROWS)],
            "source": cycle("web_form", "chat"),
        }
    )
    changes = pd.DataFrame(
        {
            "lead_id": [*keys("L")[:-1], "L9999"],
            "field": cycle("budget", "authority"),
            "new_value": cycle("yes", "no", ""),
            "changed_at": days("%Y-%m-%dT09:00:00+01:00", 2),
        }
    )
    handed = pd.DataFrame(
        {
            "lead_id": keys("L"),
            "handed_over_at": days("%Y-%m-%dT10:00:00+01:00", 4),
            "decided_at": days("%Y-%m-%dT11:00:00+01:00", 5),
            "decision": cycle("Accepted", "Rejected"),
            "reason": cycle("", "too small"),
        }
    )
    visits = pd.DataFrame(
        {
            "visitor_email": [f"p{row}@example.com" for row in range(ROWS - 2)] + ["nobody@example.com", ""],
            "visited_at": days("%Y-%m-%dT12:00:00+01:00", 6),
        }
    )
    sales = pd.DataFrame({"lead_id": keys("L")[::3], "sold_on": days("%Y-%m-%dT13:00:00+01:00", 40)[::3]})
    return {
        "leads.csv": written(leads),
        "field_history.csv": written(changes),
        "handovers.csv": written(handed),
        "web_visits.csv": written(visits),
        "orders.csv": written(sales),
    }


EXPORTS: Final[Mapping[str, Callable[[], dict[str, bytes]]]] = {
    each.__name__: each
    for each in (german, american, spanish, french, slovenian, campaign, parquet, wide, joined, history)
}


def put(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write an export into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder
