"""Excel files of rows, without formulas: what people named "=1+1" stays a text."""

import io

import xlsxwriter

FORMATS = {
    "text": {},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "left"},
    "number": {"num_format": "0.#####"},
    "share": {"num_format": "0.00%"},
}
WIDTHS = {"text": 28, "date": 12, "moment": 17, "number": 12, "share": 10}


def write_book(sheets):
    """Return an Excel file that can be sorted and filtered by each column.

    :param list sheets: ``(name, columns, rows)``; a column is ``(label, kind)`` with a
        kind of ``FORMATS``, a row has a value for each column, empty ones are left out
    :return bytes: the file
    """
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        formats = {kind: book.add_format(vals) for kind, vals in FORMATS.items()}
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        for name, columns, rows in sheets:
            _write_sheet(book.add_worksheet(name[:31]), columns, rows, formats, head)
    return file.getvalue()


def _write_sheet(sheet, columns, rows, formats, head):
    for number, (label, kind) in enumerate(columns):
        sheet.set_column(number, number, WIDTHS[kind])
        sheet.write_string(0, number, label, head)
    last = 0
    for last, row in enumerate(rows, 1):
        cells = zip(row, columns, strict=True)
        for number, (value, (_label, kind)) in enumerate(cells):
            _write_cell(sheet, last, number, value, kind, formats[kind])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(columns) - 1)


def _write_cell(sheet, row, column, value, kind, style):
    if value is None or value is False:
        return
    if kind == "text":
        sheet.write_string(row, column, str(value), style)
    elif kind in ("date", "moment"):
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)
