"""What mail records in the journal, on the thing that a letter was about."""

KINDS = {
    "mail.failed": "E-Mail ließ sich nicht verschicken",
    "mail.bounced": "E-Mail kam als unzustellbar zurück",
}
