"""The files that a vendor may hand in: what they are is read from their content."""

import re
from pathlib import PurePosixPath

FILE_COUNT = 10
FILE_SIZE = 10 * 1024 * 1024
TEXT = "text/plain"
_ZIP = b"PK\x03\x04"
_OFFICE = "application/vnd.openxmlformats-officedocument"
_OPEN = "application/vnd.oasis.opendocument"
# ending: what it is served as, and what it begins with
TYPES = {
    "pdf": ("application/pdf", b"%PDF-"),
    "png": ("image/png", b"\x89PNG\r\n\x1a\n"),
    "jpg": ("image/jpeg", b"\xff\xd8\xff"),
    "jpeg": ("image/jpeg", b"\xff\xd8\xff"),
    "docx": (f"{_OFFICE}.wordprocessingml.document", _ZIP),
    "xlsx": (f"{_OFFICE}.spreadsheetml.sheet", _ZIP),
    "odt": (f"{_OPEN}.text", _ZIP),
    "ods": (f"{_OPEN}.spreadsheet", _ZIP),
    "txt": (TEXT, b""),
    "csv": (TEXT, b""),
}
_CONTROLS = re.compile(r"[\x00-\x1f\x7f]")


def read_file(upload):
    """Return name, content and type of an uploaded file.

    The content ends one byte after what is allowed. The type is empty where the content
    isn't what the name says.

    :param upload: has ``filename`` and ``read(size)``
    """
    name = PurePosixPath(upload.filename.replace("\\", "/")).name
    name = _CONTROLS.sub("", name)[-100:] or "file"
    content = upload.read(FILE_SIZE + 1)
    mimetype, start = TYPES.get(name.rpartition(".")[2].lower(), ("", b""))
    is_binary = mimetype == TEXT and b"\0" in content
    is_genuine = content.startswith(start) and not is_binary
    return name, content, mimetype if is_genuine else ""


def get_file_problem(env, name, content, mimetype):
    """Return why a file isn't taken, for people; or nothing."""
    if not content:
        return env._("%s is empty.", name)
    if len(content) > FILE_SIZE:
        return env._(
            "%(file)s is larger than %(size)s MB.",
            file=name,
            size=FILE_SIZE // 1024**2,
        )
    if not mimetype:
        return env._(
            "%(file)s isn't taken. Files can be: %(types)s.",
            file=name,
            types=", ".join(sorted(TYPES)),
        )
    return None
