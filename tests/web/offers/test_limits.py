"""How often one account may begin, read in, claim and save; looking at the pages is free."""

import pytest
from django.test import RequestFactory

from allmende.accounts.models import User
from allmende.catalogue.models import WorkingCopy
from allmende.web.shell.limits import limited


@pytest.mark.parametrize(
    ("address", "most"),
    [
        ("/angebote/neu/loesung", 60),
        ("/angebote/einlesen", 60),
        ("/loesungen/{solution}/uebernehmen", 30),
        ("/mein/suchen/neu", 60),
    ],
)
def test_an_account_is_stopped_after_as_many_as_nobody_needs(market, stranger, address, most):
    at = address.format(solution=market.raum.public_id)
    codes = [stranger.post(at).status_code for _ in range(most + 1)]
    assert [code == 429 for code in codes] == [False] * most + [True]


def test_beginning_for_a_solution_counts_as_beginning(market, stranger):
    for _ in range(60):
        stranger.post("/angebote/neu/loesung")
    assert stranger.post(f"/angebote/neu/zu/{market.raum.public_id}").status_code == 429


def test_saving_as_one_types_has_room_for_an_hour_of_writing(market, stranger, company):
    company.post(f"/angebote/neu/zu/{market.raum.public_id}")
    at = f"/angebote/{WorkingCopy.objects.get().public_id}/seite/betrieb/sichern"
    request = RequestFactory().post(at)
    request.user = User.objects.get(email="fremd@beispiel.example")
    for _ in range(599):
        assert limited(request, "offer_autosave", per_address="3000/h", per_account="600/h") is None
    assert [stranger.post(at).status_code for _ in range(2)] == [404, 429]
    assert company.post(at, {"lock_version": 0}).status_code == 200
