"""Files of readings, as instruments and spreadsheets write them."""

import csv
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from io import StringIO

DELIMITERS = ",;\t"
# what a spreadsheet would take for a formula
_FORMULA = ("=", "+", "-", "@")


class NoTextFile(ValueError):
    """The file is something else than a text, such as a workbook."""


class ReadingFile:
    """A text file in columns: its header, and its rows with their lines.

    :param bytes content: the file
    :param names: what columns can be called, without regard to case
    :raise NoTextFile: if it is no text
    """

    def __init__(self, content, names):
        text = _decode(content)
        self.delimiter, self.header, self.rows = ",", [], []
        found = [self._read(text, delimiter, names) for delimiter in DELIMITERS]
        self.delimiter, self.header, self.rows = max(found, key=lambda one: one[3])[:3]

    def _read(self, text, delimiter, names):
        """Return delimiter, header, rows and how many columns are known."""
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter)
        rows = [
            (reader.line_num, values)
            for values in reader
            if any(value.strip() for value in values)
        ]
        if rows and rows[0][1][0].casefold() == "sep=":
            # spreadsheets say so which delimiter they used
            del rows[0]
        header = [value.strip() for value in rows[0][1]] if rows else []
        known = sum(value.casefold() in names for value in header)
        return delimiter, header, rows[1:], known


def _decode(content):
    if content[:2] in (BOM_UTF16_LE, BOM_UTF16_BE):
        return _decode_as(content, "utf-16")
    if b"\0" in content or content[:2] == b"PK":
        raise NoTextFile
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _decode_as(content, encoding):
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        raise NoTextFile from None
    if "\0" in text:
        raise NoTextFile
    return text


def write_file(rows, delimiter):
    """Return rows of texts as a file that spreadsheets open without running it.

    :rtype: bytes
    """
    buffer = StringIO()
    writer = csv.writer(buffer, delimiter=delimiter)
    writer.writerows([[_disarm(str(value)) for value in row] for row in rows])
    return buffer.getvalue().encode("utf-8-sig")


def _disarm(text):
    return f"'{text}" if text.startswith(_FORMULA) else text


def arm(text):
    """Return what a text said before it was made safe for spreadsheets."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text
