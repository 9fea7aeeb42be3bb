"""What a scanned or typed text says: an item, a number, a quantity."""

import re
from collections import namedtuple
from urllib.parse import parse_qsl, unquote, urlsplit

# ``gtin`` and ``quantity`` are empty where the code doesn't tell them; ``numbers`` are
# the serial number first, then the batch.
ScannedCode = namedtuple("ScannedCode", "text gtin numbers quantity")

FNC1 = "\x1d"
_SYMBOLOGIES = ("]C1", "]e0", "]d2", "]Q3", "]J1")
# a GTIN and something behind it; a text of digits that only begins so is no GS1 code
_ELEMENTS = re.compile(r"0[12]\d{14}.")
_COUNTS = ("30", "37")
_WEIGHT = re.compile(r"3[1-5]\d([0-5])$")


def is_gs1(text):
    """Tell whether a text is a GS1 element string, in whatever way it was sent."""
    return (
        text.startswith(("(", FNC1, *_SYMBOLOGIES))
        or FNC1 in text
        or bool(_ELEMENTS.match(text))
    )


def read_digital_link(text):
    """Return the values of a GS1 Digital Link by application identifier.

    :param str text: a web address such as ``https://id.gs1.org/01/…/21/…``
    :return: empty where it is none
    :rtype: dict
    """
    if not text.lower().startswith(("http://", "https://")):
        return {}
    address = urlsplit(text)
    parts = [unquote(part) for part in address.path.strip("/").split("/")]
    if "01" not in parts:
        return {}
    keys = parts[parts.index("01") :]
    values = dict(zip(keys[::2], keys[1::2], strict=False))
    return {**dict(parse_qsl(address.query)), **values}


def read_values(text, values):
    """Return a :class:`ScannedCode` of what GS1 application identifiers say."""
    gtin = values.get("01") or values.get("02") or ""
    numbers = [values[ai] for ai in ("21", "10") if values.get(ai)]
    return ScannedCode(text, gtin, numbers, _read_quantity(values))


def _read_quantity(values):
    for ai, value in values.items():
        decimals = _WEIGHT.match(ai)
        if not value.isdecimal() or not (decimals or ai in _COUNTS):
            continue
        return int(value) / 10 ** int(decimals.group(1) if decimals else 0)
    return None
