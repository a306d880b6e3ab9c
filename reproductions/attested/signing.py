"""Ed25519 (RFC 8032) over the exact bytes of a record. Neither Django nor a database.

Keys and signatures are told as base64: 32 and 64 bytes.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

KEY_BYTES, SIGNATURE_BYTES = 32, 64


class BadKey(ValueError):
    """No Ed25519 key; the text says what is expected."""


class RunnerKey:
    """The secret half of a runner's key; it never leaves the machine."""

    def __init__(self, seed: bytes) -> None:
        if len(seed) != KEY_BYTES:
            raise BadKey(f"a key is {KEY_BYTES} bytes, not {len(seed)}")
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public(self) -> str:
        """The half that the site keeps, as base64."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def sign(self, text: str) -> str:
        """Signature of a text's UTF-8 bytes, as base64."""
        return base64.b64encode(self._key.sign(text.encode())).decode()


def key_in(path: Path) -> RunnerKey:
    """The key kept in a file that its owner alone may read; made when there is none yet.

    Raises BadKey when others may read the file, or it holds something else.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        if path.stat().st_mode & 0o077:
            raise BadKey(f"{path} can be read by others: chmod 600 {path}") from None
        return RunnerKey(_decoded(path.read_text(encoding="ascii").strip(), KEY_BYTES, str(path)))
    seed = os.urandom(KEY_BYTES)
    with os.fdopen(descriptor, "w", encoding="ascii") as kept:
        kept.write(base64.b64encode(seed).decode() + "\n")
    return RunnerKey(seed)


def is_signed(text: str, signature: str, public_key: str) -> bool:
    """Whether the signature was made over these very bytes with that key's other half."""
    try:
        key = Ed25519PublicKey.from_public_bytes(_decoded(public_key, KEY_BYTES, "the key"))
        key.verify(_decoded(signature, SIGNATURE_BYTES, "the signature"), text.encode())
    except (BadKey, InvalidSignature, ValueError):
        return False
    return True


def tidy_key(text: str) -> str:
    """A public key as it is kept.  Raises BadKey."""
    raw = _decoded("".join(text.split()), KEY_BYTES, "the public key")
    try:
        Ed25519PublicKey.from_public_bytes(raw)
    except ValueError as error:
        raise BadKey("the public key is no Ed25519 key") from error
    return base64.b64encode(raw).decode()


def fingerprint(public_key: str) -> str:
    """A short name of a public key, for people to compare: 16 hexadecimal digits in fours."""
    digest = hashlib.sha256(base64.b64decode(public_key)).hexdigest()[:16]
    return " ".join(digest[place : place + 4] for place in range(0, 16, 4))


def registration(host: str) -> str:
    """What whoever registers a key signs with it, so that nobody registers the key of others.

    host: of the site, with its port where it has one.
    """
    return f"Register this key as a runner at {host}."


def _decoded(text: str, length: int, what: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise BadKey(f"{what} is no base64") from error
    if len(raw) != length:
        raise BadKey(f"{what} holds {len(raw)} bytes, not {length}")
    return raw
