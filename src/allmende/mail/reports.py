"""What a mail server writes back: reads delivery status notifications (RFC 3464) out of hostile bytes.

Pure: bytes in, a report out. Anything that is not such a notification gives None, never an error.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message

# A notification quotes the headers of a letter of ours, which is plain text; what is longer is none.
LARGEST = 2_000_000
MOST_PARTS = 50
LONGEST_REASON = 300
# Where servers note to whom a message came, before it was handed to us.
_RECEIVER_HEADERS = ("x-original-to", "delivered-to", "envelope-to", "original-recipient", "to")
_TOKEN = re.compile(r"\+([0-9a-f]{32})@")
_MESSAGE_ID = re.compile(r"<([^<>\s]{3,250})>")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
# RFC 3463 codes of class 5 that say nothing against the address: full, too large, refused for what it says.
_NOT_THE_ADDRESS = re.compile(r"5\.(2\.[23]|3\..*|6\..*|7\..*)")


@dataclass(frozen=True)
class Report:
    """A letter did not arrive. `tokens` and `message_ids` may name it; `status` is RFC 3463's, "" where none stands."""

    tokens: tuple[str, ...]
    message_ids: tuple[str, ...]
    status: str
    reason: str

    @property
    def is_hard(self) -> bool:
        return is_hard(self.status)


def is_hard(status: str) -> bool:
    """Whether an answer says that the address itself is of no use, now and later."""
    return status.startswith("5.") and not _NOT_THE_ADDRESS.fullmatch(status)


def status_in(text: str) -> str:
    """The first status code of RFC 3463 in a text, "" where there is none."""
    found = _STATUS.search(text)
    return found.group() if found else ""


def read(raw: bytes, *, recipient: str = "") -> Report | None:
    """The report in a message, None where it is none or says that the letter is only delayed or did arrive.

    `recipient` is the envelope's, as the mail server hands it over.
    """
    try:
        # compat32 takes everything; the newer policies stumble over broken headers.
        message = message_from_bytes(raw[:LARGEST], policy=policy.compat32)
        return _report(message, recipient)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError, RecursionError):
        return None


def _report(message: Message, recipient: str) -> Report | None:
    if message.get_content_type() != "multipart/report":
        return None
    parts = list(_parts(message))
    failed = [block for part in parts for block in _blocks(part) if _word(block, "action") == "failed"]
    if not failed:
        return None
    receivers = [recipient, *(value for name in _RECEIVER_HEADERS for value in _all(message, name))]
    quoted = [value for part in parts for value in _quoted_ids(part)]
    diagnosis = _line(failed[0], "diagnostic-code")
    return Report(
        tokens=_found(_TOKEN, receivers),
        message_ids=_found(_MESSAGE_ID, quoted),
        status=status_in(_line(failed[0], "status")) or status_in(diagnosis),
        reason=diagnosis[:LONGEST_REASON],
    )


def _parts(message: Message) -> Iterator[Message]:
    for number, part in enumerate(message.walk()):
        if number >= MOST_PARTS:
            return
        yield part


def _blocks(part: Message) -> list[Message]:
    """The groups of fields of a delivery status; the parser makes a message of each."""
    if part.get_content_type() != "message/delivery-status":
        return []
    payload = part.get_payload()
    blocks = payload if isinstance(payload, list) else []
    return [block for block in blocks if isinstance(block, Message)][:MOST_PARTS]


def _quoted_ids(part: Message) -> list[str]:
    if part.get_content_type() == "text/rfc822-headers":
        text = part.get_payload(decode=True)
        quoted = message_from_bytes(text if isinstance(text, bytes) else b"", policy=policy.compat32)
        return _all(quoted, "message-id")
    if part.get_content_type() == "message/rfc822":
        payload = part.get_payload()
        return [
            value for inner in payload if isinstance(inner, Message) for value in _all(inner, "message-id")
        ]
    return []


def _all(message: Message, name: str) -> list[str]:
    return [str(value)[:2_000] for value in message.get_all(name, [])]


def _line(message: Message, name: str) -> str:
    return " ".join(str(message.get(name, ""))[:2_000].split())


def _word(message: Message, name: str) -> str:
    return _line(message, name).lower().partition(" ")[0]


def _found(pattern: re.Pattern[str], texts: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match for text in texts for match in pattern.findall(text)))
