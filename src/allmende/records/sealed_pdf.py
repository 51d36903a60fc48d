"""A PDF that carries the signature over its own bytes, and the files that are attached to it.

The signature stands in the keywords, which a PDF holds twice: in its information dictionary and in its XMP metadata.
Signed are all bytes with zeros in both places. So one file and a public key are enough for the proof, the file stays a
valid PDF/A, and any other program can check it: put zeros in, verify.

Made for files of our own typesetter, which writes objects one by one; a file that is signed is such a one.
"""

import re
import zlib
from collections.abc import Mapping

from allmende.lib.signing import Signer, is_signed

_PREFIX = "Ed25519:"
NO_MARK = f"{_PREFIX}{'0' * 16}:{'0' * 128}"
"""What the typesetter is given as a keyword, to be replaced."""
_MARK = re.compile(rb"Ed25519:([0-9a-f]{16}):([0-9a-f]{128})")
_SHAPED_ALIKE = re.compile(r"Ed25519:(?=[0-9a-f]{16}:[0-9a-f]{128})")
_PLACES = 2
# Attachments are texts of ours; what unpacks to more is none of them.
_ATTACHED_LIMIT = 200_000_000

_ATTACHED = re.compile(rb"\d+ 0 obj\s<<([^\n]{0,200}?/Type/EmbeddedFile[^\n]{0,1000})>>\r?\nstream\r?\n")
_LENGTH = re.compile(rb"/Length (\d{1,12})\b")


def signed(pdf: bytes, signer: Signer) -> bytes:
    """The same file with the signature in its places. `ValueError` where it has none."""
    blank = NO_MARK.encode()
    if pdf.count(blank) != _PLACES:
        raise ValueError("the typesetter has left no place for a signature")
    named = blank.replace(b"0" * 16, signer.name.encode(), 1)
    prepared = pdf.replace(blank, named)
    return prepared.replace(named, f"{_PREFIX}{signer.name}:{signer.sign(prepared)}".encode())


def without_marks(text: str) -> str:
    """A text in which nothing looks like a signature: a title that did would stand beside the real one."""
    return _SHAPED_ALIKE.sub("Ed25519 :", text)


def key_named_in(pdf: bytes) -> str:
    """The short name of the key that is said to have signed; "" where the file says none."""
    found = _MARK.search(pdf)
    return found[1].decode() if found else ""


def is_sealed(pdf: bytes, keys: Mapping[str, str]) -> bool:
    """Whether one of these keys (by name) signed every byte of the file."""
    marks = {match[0] for match in _MARK.finditer(pdf)}
    if len(marks) != 1:
        return False
    mark = marks.pop()
    _, key, signature = mark.decode().split(":")
    if pdf.count(mark) != _PLACES or key not in keys:
        return False
    return is_signed(pdf.replace(mark, f"{_PREFIX}{key}:{'0' * 128}".encode()), signature, keys[key])


def attached(pdf: bytes) -> list[bytes]:
    """The contents of the attached files, in their order in the file; `ValueError` where one does not unpack."""
    found = []
    for match in _ATTACHED.finditer(pdf):
        length = _LENGTH.search(match[1])
        if length is None:
            raise ValueError("an attached file has no length")
        raw = pdf[match.end() : match.end() + int(length[1])]
        found.append(_unpacked(raw) if b"/FlateDecode" in match[1] else raw)
    return found


def _unpacked(raw: bytes) -> bytes:
    reader = zlib.decompressobj()
    try:
        data = reader.decompress(raw, _ATTACHED_LIMIT)
    except zlib.error as error:
        raise ValueError("an attached file is damaged") from error
    if not reader.eof:
        raise ValueError("an attached file is cut off or too large")
    return data
