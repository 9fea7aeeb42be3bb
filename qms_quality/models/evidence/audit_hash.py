"""The hash that chains the entries of the audit trail.

Only Python's own library is used here, so that whoever verifies an exported trail can
run this file without Odoo.
"""

import hashlib
import json

HASHED_FIELDS = (
    "seq",
    "date",
    "user_id",
    "user_name",
    "company_id",
    "res_model",
    "res_id",
    "record_name",
    "event",
    "field_name",
    "field_label",
    "old_value",
    "new_value",
    "reason",
    "transaction",
    "channel",
)

# made once: json.dumps would make an encoder for each entry
_encode = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False
).encode


def entry_hash(values, prev_hash):
    """Return the hash of an entry, over its content and the hash before it.

    :param dict values: the entry's values; ``date`` as ``YYYY-MM-DD HH:MM:SS`` in UTC,
        users and companies as ids. What is missing or empty counts as null.
    :param str prev_hash: the hash of the record's entry before, empty for the first
    :return: SHA-256 as 64 hexadecimal digits
    """
    content = {name: _or_null(values.get(name)) for name in HASHED_FIELDS}
    text = f"{prev_hash or ''}\n{_encode(content)}"
    return hashlib.sha256(text.encode()).hexdigest()


def _or_null(value):
    return None if value is None or value is False or value == "" else value
