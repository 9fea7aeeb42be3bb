"""The file of a seal: what it says, its hash and its signature.

A seal lists where the trails of the records end. Each seal names the hash of the seal
before it. Like ``audit_hash``, this needs Python's own library only; signatures
(Ed25519, RFC 8032) are made and checked where ``cryptography`` is installed.
"""

import base64
import hashlib
import json
from pathlib import Path

try:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import ed25519
except ImportError:
    ed25519 = None

FORMAT = "qms-seal-1"


class SealFileError(ValueError):
    """A file that isn't a seal, or a key that can't be used."""


def canonical(content):
    """Return ``content`` as the one text that is hashed."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def seal_hash(content):
    """Return the SHA-256 of a seal's content, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def seal_text(content, digest, signature):
    """Return the text of a seal's file."""
    sealed = {"seal": content, "hash": digest, "signature": signature or None}
    return f"{canonical(sealed)}\n"


# -- Reading ---------------------------------------------------------------------------


def read_seals(paths):
    """Read seals from files, and from the ``.json`` files of folders.

    :param paths: files and folders
    :return: dicts with ``seal``, ``hash``, ``signature``, and ``file``, by number
    :raise SealFileError: where a file is no seal
    """
    seals = [read_seal(file) for path in paths for file in _get_files(Path(path))]
    return sorted(seals, key=lambda seal: (seal["seal"]["number"], seal["hash"]))


def _get_files(path):
    return sorted(path.glob("*.json")) if path.is_dir() else [path]


def read_seal(path):
    """Read one seal's file; see :func:`read_seals`."""
    try:
        sealed = json.loads(Path(path).read_text(encoding="utf-8"))
        _check_shape(sealed)
    except (ValueError, TypeError, KeyError) as error:
        raise SealFileError(f"{path} is not a seal") from error
    return {**sealed, "file": str(path)}


def _check_shape(sealed):
    content = sealed["seal"]
    if content["format"] != FORMAT or not isinstance(sealed["hash"], str):
        raise ValueError
    if type(content["number"]) is not int or not isinstance(content["date"], str):
        raise ValueError
    for model, res_id, seq, digest in content["heads"] + content["purges"]:
        if [type(part) for part in (model, res_id, seq, digest)] != [
            str,
            int,
            int,
            str,
        ]:
            raise ValueError


# -- Signatures ------------------------------------------------------------------------


def can_sign():
    """Tell whether signatures can be made and checked here."""
    return ed25519 is not None


def load_private_key(path):
    """Return the Ed25519 key of a PEM file without a password.

    :raise SealFileError: if the file can't be read or holds another kind of key
    """
    return _load(path, "private", _load_private)


def load_public_key(path):
    """Return the public key of a PEM file, as the text that seals print.

    :raise SealFileError: if the file can't be read or holds another kind of key
    """
    return encode_public_key(_load(path, "public", _load_public))


def _load(path, kind, loader):
    if not can_sign():
        raise SealFileError("the Python package 'cryptography' is not installed")
    try:
        return loader(Path(path).read_bytes())
    except OSError as error:
        raise SealFileError(f"{path} can't be read: {error.strerror}") from error
    except (ValueError, TypeError) as error:
        problem = f"{path} is not an Ed25519 {kind} key in PEM format without password"
        raise SealFileError(problem) from error


def _load_private(data):
    key = serialization.load_pem_private_key(data, password=None)
    if not isinstance(key, ed25519.Ed25519PrivateKey):
        raise ValueError
    return key


def _load_public(data):
    key = serialization.load_pem_public_key(data)
    if not isinstance(key, ed25519.Ed25519PublicKey):
        raise ValueError
    return key


def encode_public_key(key):
    """Return a public key as base64 of its 32 bytes."""
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return base64.b64encode(raw).decode()


def sign(key, digest):
    """Return the signature of a seal's hash, as base64."""
    return base64.b64encode(key.sign(digest.encode())).decode()


def is_signed_by(sealed, public_key):
    """Tell whether the seal's signature is good and of that key.

    :param str public_key: as base64, see :func:`encode_public_key`
    """
    try:
        key = ed25519.Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key))
        key.verify(base64.b64decode(sealed["signature"]), sealed["hash"].encode())
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True
