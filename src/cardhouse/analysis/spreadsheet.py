"""A teaching spreadsheet: matrices as sheets whose totals are formulas, so that a reader can follow every sum.

An ``.xlsx`` file is a ZIP archive of XML parts (ECMA-376, Office Open XML); the few parts needed here are written with
the standard library.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

from cardhouse.analysis.ledger_views import Matrix

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_EPOCH = (1980, 1, 1, 0, 0, 0)


def column_name(number: int) -> str:
    """Name a column as spreadsheets do.

    >>> column_name(1), column_name(26), column_name(27)
    ('A', 'Z', 'AA')
    """
    name = ""
    while number > 0:
        number, letter = divmod(number - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _text(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def _number(reference: str, value: float) -> str:
    return f'<c r="{reference}"><v>{value!r}</v></c>'


def _formula(reference: str, formula: str, value: float) -> str:
    return f'<c r="{reference}"><f>{formula}</f><v>{value!r}</v></c>'


def sheet_xml(matrix: Matrix) -> str:
    """Write one matrix as a worksheet: title, header, rows with a sum formula, and a line of column sums."""
    first, last = column_name(2), column_name(1 + len(matrix.columns))
    total = column_name(2 + len(matrix.columns))
    lines = [f'<row r="1">{_text("A1", matrix.title)}</row>']
    header = "".join(_text(f"{column_name(k)}2", name) for k, name in enumerate((*matrix.columns, "sum"), start=2))
    lines.append(f'<row r="2">{_text("A2", "USD bn")}{header}</row>')
    for k, (label, values) in enumerate(zip(matrix.rows, matrix.values, strict=True), start=3):
        cells = "".join(_number(f"{column_name(c)}{k}", float(value)) for c, value in enumerate(values, start=2))
        whole = _formula(f"{total}{k}", f"SUM({first}{k}:{last}{k})", float(values.sum()))
        lines.append(f'<row r="{k}">{_text(f"A{k}", label)}{cells}{whole}</row>')
    end = 2 + len(matrix.rows)
    sums = "".join(
        _formula(f"{column_name(c)}{end + 1}", f"SUM({column_name(c)}3:{column_name(c)}{end})", float(value))
        for c, value in enumerate(matrix.column_totals, start=2)
    )
    lines.append(f'<row r="{end + 1}">{_text(f"A{end + 1}", "sum")}{sums}</row>')
    view = '<sheetViews><sheetView workbookViewId="0"><pane xSplit="1" ySplit="2" topLeftCell="B3" state="frozen"/>'
    view += "</sheetView></sheetViews>"
    widths = '<cols><col min="1" max="1" width="32" customWidth="1"/></cols>'
    return f'{_HEAD}<worksheet xmlns="{_MAIN}">{view}{widths}<sheetData>{"".join(lines)}</sheetData></worksheet>'


def workbook(sheets: Sequence[tuple[str, Matrix]]) -> bytes:
    """Write matrices as the sheets of one workbook.

    Parameters
    ----------
    sheets : sequence of (name, Matrix)
        Names of at most 31 characters.

    Returns
    -------
    bytes
        An ``.xlsx`` file; equal matrices give equal bytes.
    """
    numbers = range(1, len(sheets) + 1)
    overrides = "".join(
        f'<Override PartName="/xl/worksheets/sheet{k}.xml" ContentType="{_SHEET_TYPE}"/>' for k in numbers
    )
    names = "".join(
        f'<sheet name="{escape(name[:31])}" sheetId="{k}" r:id="rId{k}"/>' for k, (name, _) in enumerate(sheets, 1)
    )
    links = "".join(
        f'<Relationship Id="rId{k}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{k}.xml"/>' for k in numbers
    )
    parts = {
        "[Content_Types].xml": f'{_HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK_TYPE}"/>{overrides}</Types>',
        "_rels/.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{_HEAD}<Relationships xmlns="{_RELATIONS}">{links}</Relationships>',
    }
    for k, (_, matrix) in enumerate(sheets, 1):
        parts[f"xl/worksheets/sheet{k}.xml"] = sheet_xml(matrix)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, text in parts.items():
            archive.writestr(zipfile.ZipInfo(path, _EPOCH), text)
    return buffer.getvalue()
