"""A letter as it goes over the wire: headers, envelope, text."""

from email.utils import format_datetime, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage

from allmende.mail.models import Letter


def message_of(letter: Letter) -> EmailMessage:
    """The same bytes however often it is asked for, so that a letter that came twice can be told by its Message-ID."""
    reply_to = settings.MAIL_REPLY_TO
    return EmailMessage(
        subject=letter.subject,
        body=letter.text,
        from_email=sender(letter),
        to=[letter.to],
        reply_to=[reply_to] if reply_to else None,
        headers=_headers(letter),
    )


def sender(letter: Letter) -> str:
    """Whom the receiving server tells what became of the letter: an address that names it, where one is set up."""
    address: str = settings.MAIL_BOUNCE_ADDRESS
    if not address:
        return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    local, _, domain = address.rpartition("@")
    return f"{local}+{letter.bounce_token}@{domain}"


def _headers(letter: Letter) -> dict[str, str]:
    headers = {
        "From": settings.DEFAULT_FROM_EMAIL,
        "Message-ID": f"<{letter.message_id}>",
        "Date": format_datetime(letter.created_at),
        # RFC 3834: nobody's holiday reply shall answer; the second is what Exchange reads instead.
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
        **letter.headers,
    }
    if "List-Unsubscribe" in headers:
        headers["Precedence"] = "bulk"
    return headers
