"""Deadlines as people read them."""

import datetime

from django import template

from allmende.exploration.deadlines import told

register = template.Library()


@register.filter
def deadline(value: datetime.datetime | None) -> str:
    """ "Donnerstag, 03.12.2026, 12:00 Uhr", with its offset where that time comes twice; "keine Angabe" for none."""
    return told(value).replace(" Uhr", "\u00a0Uhr") if value else "keine Angabe"
