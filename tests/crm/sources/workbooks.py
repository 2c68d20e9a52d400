"""Small workbooks, written part by part as Excel and LibreOffice write them."""

from __future__ import annotations

import datetime as dt
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
FORMATS = (0, 14, 22, 21, 46)
"""Plain, a date, date and time, a time, a duration."""
EPOCH = dt.datetime.fromisoformat("1899-12-30")


class Error(str):
    """What Excel shows where a formula failed."""

    __slots__ = ()


def write_xlsx(
    path: Path, sheets: Mapping[str, Sequence[Sequence[object]]], *, since_1904: bool = False
) -> Path:
    """Write a workbook; None is a cell that does not exist."""
    relations = [
        f'<Relationship Id="r{number}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(len(sheets))
    ]
    names = "".join(
        f'<sheet name="{escape(name)}" sheetId="{number + 1}" r:id="r{number}"/>'
        for number, name in enumerate(sheets)
    )
    styles = "".join(f'<xf numFmtId="{number}" applyNumberFormat="1"/>' for number in FORMATS)
    dated = '<workbookPr date1904="1"/>' if since_1904 else ""
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="w" '
        f'Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {NAMESPACE} xmlns:r="{RELATIONS}">{dated}'
        f"<sheets>{names}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{"".join(relations)}'
        f'<Relationship Id="s" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": f"<styleSheet {NAMESPACE}><cellXfs>{styles}</cellXfs></styleSheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, rows in enumerate(sheets.values()):
            parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(rows)
        for name, text in parts.items():
            archive.writestr(name, '<?xml version="1.0" encoding="UTF-8"?>' + text)
    return path


def _sheet(rows: Sequence[Sequence[object]]) -> str:
    written = [
        f'<row r="{number}">'
        + "".join(
            _cell(f"{chr(ord('A') + column)}{number}", value)
            for column, value in enumerate(row)
            if value is not None
        )
        + "</row>"
        for number, row in enumerate(rows, 1)
    ]
    return f"<worksheet {NAMESPACE}><sheetData>{''.join(written)}</sheetData></worksheet>"


def _cell(place: str, value: object) -> str:
    if isinstance(value, bool):
        return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, Error):
        return f'<c r="{place}" t="e"><v>{value}</v></c>'
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    style, number = _number(value)
    return f'<c r="{place}" s="{style}"><v>{number}</v></c>'


def _number(value: object) -> tuple[int, object]:
    if isinstance(value, dt.datetime):
        return 2, (value - EPOCH) / dt.timedelta(days=1)
    if isinstance(value, dt.date):
        return 1, (value - EPOCH.date()).days
    if isinstance(value, dt.time):
        return 3, (value.hour * 60 + value.minute) / 1440
    if isinstance(value, dt.timedelta):
        return 4, value / dt.timedelta(days=1)
    return 0, value


def write_xls(path: Path, rows: Sequence[Sequence[object]], *, by_formula: bool = False) -> Path:
    """Write a workbook of one sheet as Excel 97 does: numbers, texts of Latin-1, and errors."""
    cells = b"".join(
        _xls_cell(struct.pack("<HHH", row, column, 0), value, by_formula)
        for row, cells in enumerate(rows)
        for column, value in enumerate(cells)
        if value is not None
    )
    begin, end = (_record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0)) for kind in (5, 16))
    sheet = end + cells + _record(0x000A, b"")
    offset = len(begin) + 4 + 11 + 4
    name = _record(0x0085, struct.pack("<IHBB", offset, 0, 3, 0) + b"One")
    stream = (begin + name + _record(0x000A, b"") + sheet).ljust(4096, b"\0")
    stream = stream.ljust(-(-len(stream) // 512) * 512, b"\0")
    free, last, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    sectors = [table, last, *range(3, 2 + len(stream) // 512), last]
    sectors += [free] * (128 - len(sectors))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, last, 0, last, 0) + struct.pack("<109I", 0, *[free] * 108)
    folder = _entry("Root Entry", 5, last, 0, 1) + _entry("Workbook", 2, 2, len(stream), free) + bytes(256)
    path.write_bytes(head + struct.pack("<128I", *sectors) + folder + stream)
    return path


def _xls_cell(at: bytes, value: object, by_formula: bool) -> bytes:
    if isinstance(value, Error) and by_formula:
        return _record(0x0006, at + b"\x02\0\x2a\0\0\0\xff\xff" + bytes(8))
    if isinstance(value, Error):
        return _record(0x0205, at + b"\x2a\x01")
    if isinstance(value, str):
        return _record(0x0204, at + struct.pack("<HB", len(value), 0) + value.encode("latin-1"))
    return _record(0x0203, at + struct.pack("<d", value))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _entry(name: str, kind: int, start: int, size: int, child: int) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    head = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
    return head + bytes(36) + struct.pack("<IQ", start, size)


def write_ods(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """Write an OpenDocument workbook."""
    names = ("office", "table", "text")
    calc = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0" '
    spaces = calc + " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in names
    )
    tables = "".join(
        f'<table:table table:name="{escape(name)}">'
        + "".join(f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>" for row in rows)
        + "</table:table>"
        for name, rows in sheets.items()
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return path


def _ods_cell(value: object) -> str:
    if value is None:
        return "<table:table-cell/>"
    if isinstance(value, Error):
        said = 'office:value-type="string" office:string-value="" calcext:value-type="error"'
    elif isinstance(value, bool):
        said = f'office:value-type="boolean" office:boolean-value="{str(value).lower()}"'
    elif isinstance(value, dt.date):
        said = f'office:value-type="date" office:date-value="{value.isoformat()}"'
    elif isinstance(value, int | float):
        said = f'office:value-type="float" office:value="{value}"'
    else:
        said = 'office:value-type="string"'
    return f"<table:table-cell {said}><text:p>{escape(str(value))}</text:p></table:table-cell>"
