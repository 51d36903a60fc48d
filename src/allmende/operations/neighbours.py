"""Programs beside ours: the virus scanner, the mail server, the clock of the database. Asked by `allmende check` alone.

A page must not wait for them. Each function gives what is wrong and how to mend it, or None.
"""

import re
import smtplib
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from django.conf import settings
from django.core.mail import get_connection
from django.db import connection

from allmende.files.scanner import ScannerAway, version

Said = tuple[str, str] | None

PATIENCE_SECONDS = 5
PATTERNS_OLD = timedelta(days=7)
# Codes of apps change every thirty seconds, and one before and one after is taken.
CLOCK_OFF = timedelta(seconds=20)


def scanner(now: datetime) -> Said:
    """Whether ClamAV answers where one is named, and how old the patterns are that it looks for."""
    if not settings.CLAMD:
        return None
    try:
        said = version(settings.CLAMD)
    except ScannerAway:
        return (
            f"Der Virenscanner antwortet nicht unter „{settings.CLAMD}“. Neue Unterlagen warten, und niemand kann "
            "sie öffnen.",
            "Läuft clamd, und stimmt ALLMENDE_CLAMD? Ohne Scanner: Entfernen Sie die Angabe.",
        )
    made = patterns_made(said)
    if made and now - made > PATTERNS_OLD:
        return (
            f"Die Muster des Virenscanners sind vom {made:%d.%m.%Y}: Neuere Schädlinge findet er nicht.",
            "Läuft freshclam, und kommt es ins Netz?",
        )
    return None


def patterns_made(version: str) -> datetime | None:
    """When the patterns are from: "ClamAV 1.4.2/27500/Mon Jan  6 09:40:00 2025" says so; None where it does not."""
    found = re.fullmatch(r"ClamAV [^/]+/\d+/\w{3} (\w{3}) +(\d{1,2}) ([\d:]{8}) (\d{4})", version)
    if not found:
        return None
    month, day, clock, year = found.groups()
    try:
        return parsedate_to_datetime(f"{day} {month} {year} {clock} +0000")
    except ValueError:
        return None


def mail_server(_now: datetime) -> Said:
    """Whether the mail server takes our connection, its encryption and our password; nothing is sent."""
    if not settings.EMAIL_HOST:
        return None
    place = f"„{settings.EMAIL_HOST}“, Port {settings.EMAIL_PORT}"
    line = get_connection(timeout=PATIENCE_SECONDS)
    try:
        line.open()
    except smtplib.SMTPAuthenticationError:
        return (
            f"Der Mailserver {place} nimmt Namen und Passwort nicht an.",
            "Prüfen Sie ALLMENDE_SMTP_USER und ALLMENDE_SMTP_PASSWORD.",
        )
    except ssl.SSLCertVerificationError:
        return (
            f"Für das Zertifikat des Mailservers {place} bürgt niemand.",
            "Trägt ALLMENDE_SMTP_HOST den Namen, für den es gilt? Ist es abgelaufen?",
        )
    except smtplib.SMTPNotSupportedError:
        return (
            f"Der Mailserver {place} kann kein STARTTLS oder keine Anmeldung.",
            "Prüfen Sie ALLMENDE_SMTP_TLS: Auf Port 465 gehört „tls“.",
        )
    except (OSError, smtplib.SMTPException):
        return (
            f"Der Mailserver {place} antwortet nicht.",
            "Prüfen Sie ALLMENDE_SMTP_HOST, ALLMENDE_SMTP_PORT und ALLMENDE_SMTP_TLS, und ob eine Firewall "
            "dazwischensteht.",
        )
    finally:
        line.close()
    return None


def clock(_now: datetime) -> Said:
    """Whether the database, which may be on another machine, has the same time."""
    if connection.vendor != "postgresql":
        return None
    before = datetime.now(UTC)
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    return apart(theirs, before, datetime.now(UTC))


def apart(theirs: datetime, before: datetime, after: datetime) -> Said:
    """`theirs` was read between `before` and `after` on our own clock."""
    off = max(before - theirs, theirs - after)
    if off <= CLOCK_OFF:
        return None
    return (
        f"Die Uhren dieses Rechners und der Datenbank gehen {int(off.total_seconds())} Sekunden auseinander.",
        "Stellen Sie beide nach einem Zeitserver (NTP). Sonst gelten Einmalcodes und Fristen nicht.",
    )
