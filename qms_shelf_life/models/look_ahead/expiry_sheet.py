"""An Excel file of rows, without formulas: what people named "=1+1" stays a text."""

import io

import xlsxwriter

FORMATS = {
    "text": {},
    "date": {"num_format": "yyyy-mm-dd", "align": "left"},
    "number": {"num_format": "#,##0.00###"},
    "amount": {"num_format": "#,##0.00"},
    "integer": {"num_format": "0"},
}
WIDTHS = {"text": 24, "date": 12, "number": 12, "amount": 14, "integer": 10}


def write_sheet(name, columns, rows):
    """Return an Excel file with one sheet.

    :param str name: of the sheet
    :param list columns: ``(label, kind)``, kind one of ``FORMATS``
    :param rows: iterable of rows with a value for each column; empty ones are left out
    :return bytes: the file
    """
    file = io.BytesIO()
    options = {"in_memory": True, "constant_memory": True}
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet(name[:31])
        formats = {kind: book.add_format(vals) for kind, vals in FORMATS.items()}
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        for number, (label, kind) in enumerate(columns):
            sheet.set_column(number, number, WIDTHS[kind])
            sheet.write_string(0, number, label, head)
        last = 0
        for last, row in enumerate(rows, 1):
            for number, (value, (_label, kind)) in enumerate(
                zip(row, columns, strict=True)
            ):
                _write_cell(sheet, last, number, value, kind, formats[kind])
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last, len(columns) - 1)
    return file.getvalue()


def _write_cell(sheet, row, column, value, kind, style):
    if value is None or value is False:
        return
    if kind == "text":
        sheet.write_string(row, column, str(value), style)
    elif kind == "date":
        sheet.write_datetime(row, column, value, style)
    else:
        sheet.write_number(row, column, value, style)
