"""A small mapping, and an export that it reads."""

PLAIN = """
name: plain
files:
  deals:
    path: deals.csv
    separator: ";"
    missing: ["?"]
    dates: ["%d.%m.%Y", "%d.%m.%Y %H:%M"]
    zone: Europe/Berlin
    decimal: ","
leads:
  file: deals
  columns: {lead_id: Id, created_at: Opened, source: {constant: trade_show_bowl}}
  attributes: {company_size: {column: Staff}}
  exclude: {Closed: the date of the outcome}
outcomes:
  - file: deals
    columns:
      lead_id: Id
      occurred_at: Closed
      outcome: {column: State, values: {yes: closed_won, no: closed_lost, Open: null}}
"""
DEALS = """Id;Opened;Staff;Revenue;State;Closed
1; 14.03.2026 ;1.200;1.234,5;yes;01.04.2026 09:30
2;15.03.2026 08:00;?;7;no;2026-04-02T10:00:00Z
3;16.03.2026;12;0,5;Open;
"""
