"""Documents on the page of an edition and in the preview, and who may save them."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from allmende.catalogue import actions
from allmende.catalogue.follow import note_verdicts
from allmende.catalogue.models import Solution
from allmende.files.actions import check_waiting
from allmende.files.models import StoredFile
from allmende.journal.models import Entry
from allmende.organisations.queries import actor_for
from tests.factories.market import HARVEST, Market
from tests.factories.people import somebody
from tests.files.making import pdf

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _place(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT, settings.CLAMD = tmp_path / "media", ""


def test_an_old_edition_shows_its_document_until_staff_removes_it(
    client: Client, market: Market, now: datetime
) -> None:
    by = actor_for(somebody("provider_editor", market.provider, now=now))
    stored = actions.add_document(market.melder.offers.get(), pdf(), "Preise.pdf", by=by, now=now)
    check_waiting(clock=lambda: now)
    note_verdicts(list(Entry.objects.filter(kind__startswith="files.scan_")))
    number = Solution.objects.get(pk=market.melder.pk).edition_number
    page, file = (
        f"/loesungen/{market.melder.public_id}/ausgabe/{number}",
        StoredFile.objects.get(pk=stored.pk),
    )
    shown = client.get(page).content.decode()
    assert f"<code>{file.digest}</code>" in shown
    href = shown.partition('Preise.pdf"')[0].rpartition('href="')[2] + "Preise.pdf"
    assert client.get(href).status_code == 200

    actions.remove_document(file, by=by, now=now)
    assert "heute nicht mehr beim Angebot" in client.get(page).content.decode()
    assert "Preise.pdf" not in client.get(f"/loesungen/{market.melder.public_id}").content.decode()
    assert client.get(href).status_code == 200

    actions.remove_document(StoredFile.objects.get(pk=file.pk), by=HARVEST, now=now)
    gone = client.get(page).content.decode()
    assert "Diese Unterlage wurde entfernt" in gone
    assert f"<code>{file.digest}</code>" in gone
    assert "Preise.pdf" not in gone
    assert client.get(href).status_code == 404


def test_a_preview_shows_what_is_handed_in_with_the_offer(
    company: Client, market: Market, now: datetime
) -> None:
    by = actor_for(somebody("provider_editor", market.provider, now=now))
    copy = actions.begin_offer(market.raum, organisation=market.provider, by=by, now=now)
    from allmende.catalogue.contents import Content
    from tests.factories.offering import an_offer, filled

    copy = filled(copy, Content(offer=an_offer(market.provider)), by=by, now=now)
    actions.prepare_document(copy, pdf(), "Preise.pdf", by=by, now=now)
    assert "Preise.pdf" in company.get(f"/angebote/{copy.public_id}/vorschau").content.decode()
