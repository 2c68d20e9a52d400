"""Rows of a Salesforce export, each as its object writes it."""

from __future__ import annotations

from tests.mappings.exports import (
    Row,
)

SYNCED = "2024-06-01 00:00:00"

OPTED_OUT = "2024-02-03 10:00:00"


def lead(id: str = "00Q1", **cells: str) -> Row:  # noqa: A002 - Salesforce's own name
    return {
        "id": id,
        "created_date": "2024-01-01 09:00:00",
        "email": f"{id}@example.com",
        "is_deleted": "false",
        "is_converted": "false",
        "status": "Open",
        "converted_contact_id": "",
        "converted_opportunity_id": "",
        "has_opted_out_of_email": "false",
        "_fivetran_synced": SYNCED,
    } | cells


def contact(id: str = "0031", **cells: str) -> Row:  # noqa: A002
    return {"id": id, "is_deleted": "false", "has_opted_out_of_email": "false"} | cells


def task(who_id: str = "00Q1", **cells: str) -> Row:
    return {
        "who_id": who_id,
        "is_deleted": "false",
        "is_closed": "true",
        "subject": "Hello",
        "activity_date": "2024-02-01 00:00:00",
        "created_date": "2024-01-20 08:00:00",
        "task_subtype": "Call",
    } | cells


def event(who_id: str = "00Q1", **cells: str) -> Row:
    return {
        "who_id": who_id,
        "is_deleted": "false",
        "is_child": "false",
        "type": "Meeting",
        "start_date_time": "2024-02-02 10:00:00",
        "end_date_time": "2024-02-02 10:30:00",
        "activity_date_time": "2024-02-02 10:00:00",
        "duration_in_minutes": "30",
        "_fivetran_synced": SYNCED,
    } | cells


def opportunity(id: str = "0061", **cells: str) -> Row:  # noqa: A002
    return {
        "id": id,
        "is_deleted": "false",
        "is_closed": "true",
        "is_won": "true",
        "close_date": "2024-03-01 00:00:00",
        "stage_name": "Closed Won",
        "_fivetran_start": "2024-03-01 12:00:00",
    } | cells
