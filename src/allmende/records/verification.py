"""Is a file what was signed? Needs the file and public keys, and nothing of the installation that made it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from allmende.lib.canonical import canonical_json
from allmende.records import sealed_pdf, signatures


@dataclass(frozen=True)
class Verdict:
    """`faults` are German sentences, none where all is proven. `key` is the short name of the key that is said to have
    signed, `digest` the SHA-256 of the file, `record` that of the record in it ("" where there is none)."""

    key: str
    digest: str
    faults: tuple[str, ...]
    record: str = ""

    @property
    def is_proven(self) -> bool:
        return not self.faults


def verify(data: bytes, signature: bytes | None, keys: Mapping[str, str]) -> Verdict:
    """Prove a file by its signature beside it or, a PDF, by the one inside. `keys`: trusted public keys by name."""
    if data.startswith(b"%PDF-"):
        return _verify_pdf(data, signature, keys)
    if signature is None:
        return Verdict("", _digest(data), ("Zu dieser Datei gehört eine Unterschrift (.sig). Sie fehlt.",))
    key, faults = _detached(data, signature, keys)
    if not _is_record(data):
        return Verdict(key, _digest(data), faults)
    return Verdict(key, _digest(data), faults + _not_canonical(data), _digest(data))


def _verify_pdf(data: bytes, signature: bytes | None, keys: Mapping[str, str]) -> Verdict:
    key = sealed_pdf.key_named_in(data)
    faults: tuple[str, ...] = () if sealed_pdf.is_sealed(data, keys) else (_unproven(key, keys),)
    if signature is not None:
        faults += _detached(data, signature, keys)[1]
    try:
        inside = sealed_pdf.attached(data)
    except ValueError:
        return Verdict(key, _digest(data), (*faults, "Was dem PDF beiliegt, ist beschädigt."))
    record, within = _attached(inside, keys)
    return Verdict(key, _digest(data), faults + within, record)


def _attached(files: list[bytes], keys: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """Digest of the attached record and what is wrong with it; "" and nothing where none is attached."""
    if not files:
        return "", ()
    signed = [(text, each) for each in files for text in files if each is not text and _is_signature(each)]
    if len(files) != 2 or not signed:
        return "", ("Dem PDF liegt nicht genau ein Datensatz mit seiner Unterschrift bei.",)
    record, signature = signed[0]
    return _digest(record), _detached(record, signature, keys)[1] + _not_canonical(record)


def _is_signature(data: bytes) -> bool:
    try:
        signatures.read(data)
    except ValueError:
        return False
    return True


def _detached(data: bytes, signature: bytes, keys: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    try:
        read = signatures.read(signature)
    except ValueError:
        return "", ("Die Unterschrift ist keine, oder sie ist verändert.",)
    if signatures.proves(read, data, keys):
        return read.key, ()
    if read.key in keys and read.digest != _digest(data):
        return read.key, (
            "Die Datei ist nicht die, die unterschrieben wurde: Ihre Prüfsumme ist eine andere.",
        )
    return read.key, (_unproven(read.key, keys),)


def _unproven(key: str, keys: Mapping[str, str]) -> str:
    if not key:
        return "Die Datei trägt keine Unterschrift."
    if key not in keys:
        return f"Der Schlüssel {key} ist nicht unter denen, denen Sie vertrauen."
    return (
        "Die Unterschrift passt nicht zur Datei: Sie ist verändert, oder jemand anderes hat unterschrieben."
    )


def _is_record(data: bytes) -> bool:
    """Whether the file is data that says of which schema it is, and not a document made of it."""
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return False
    return isinstance(said, dict) and "schema_version" in said


def _not_canonical(data: bytes) -> tuple[str, ...]:
    """A record says the same in no other bytes; so two of them can be compared by their digest."""
    try:
        is_canonical = canonical_json(json.loads(data)).encode() == data
    except (ValueError, RecursionError):
        is_canonical = False
    return () if is_canonical else ("Der Datensatz ist kein kanonisches JSON.",)


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
