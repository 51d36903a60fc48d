"""The page of prices: as people type them, nothing vanishes, and what few need is folded away."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.catalogue.contents import Content, read
from allmende.catalogue.drafts import OfferDraft, PriceDraft
from allmende.catalogue.models import Offer, WorkingCopy
from allmende.catalogue.queries import offer_draft_of
from allmende.web.offers.prices import Prices
from tests.web.offers.test_skeleton import CONTACT, OPERATION, PRICES, write


@pytest.fixture
def copy(market, company):
    company.post(f"/angebote/neu/zu/{market.raum.public_id}")
    return WorkingCopy.objects.get()


def page_of(data, *stored):
    """The form, bound to what somebody sent, over what was stored before."""
    return Prices({"prices_for": "public", **data}, content=with_prices(*stored), organisation=None)


def with_prices(*rows):
    return Content(offer=OfferDraft(title="Betrieb", prices=rows))


def rows_after(data, *stored):
    form = page_of(data, *stored)
    form.is_valid()
    return form, form.applied(with_prices(*stored)).offer.prices


def row(place=0, **values):
    return {f"zeile-{place}-{name}": value for name, value in values.items()}


@pytest.mark.parametrize("typed", ["0,35 €", "0,35 EUR", "0,35", "€ 0,35", "0.35"])
def test_the_sign_of_the_currency_is_no_mistake(vocabulary, typed):
    form, prices = rows_after(row(kind="yearly", amount=typed, vat_rate="19 %"))
    assert form.unreadable == {}
    assert [(str(each.amount), str(each.vat_rate)) for each in prices] == [("0.35", "19")]


@pytest.mark.parametrize(
    ("typed", "at", "sentence"),
    [
        ({"unit": "user"}, "amount", "Geben Sie den Betrag dieser Zeile ein, oder leeren Sie die Zeile."),
        ({"kind": "yearly"}, "amount", "Geben Sie den Betrag dieser Zeile ein, oder leeren Sie die Zeile."),
        ({"note": "Rabatt"}, "amount", "Geben Sie den Betrag dieser Zeile ein, oder leeren Sie die Zeile."),
        ({"amount": "5"}, "kind", "Wählen Sie, wie oft der Betrag anfällt."),
        ({"amount": "5", "kind": "per_unit_yearly"}, "unit", "Nennen Sie die Einheit, zum Beispiel Einwohnerin"),
        ({"amount": "-5", "kind": "yearly"}, "amount", "größer oder gleich 0"),
        ({"amount": "viel", "kind": "yearly"}, "amount", "eine Zahl ein, zum Beispiel 1.200,00."),
        ({"amount": "5", "kind": "yearly", "vat_rate": "viel"}, "vat_rate", "eine Zahl ein"),
    ],
)  # fmt: skip
def test_a_row_that_says_something_never_vanishes_in_silence(vocabulary, typed, at, sentence):
    form, prices = rows_after(row(**typed))
    assert prices == ()
    assert sentence in form.unreadable[f"zeile-0-{at}"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(["", "yearly", "per_unit_yearly"]),
            "amount": st.sampled_from(["", "5", "0,35 €", "x"]),
            "unit": st.sampled_from(["", "user"]),
            "tier_from": st.sampled_from(["", "10"]),
            "vat_rate": st.sampled_from(["", "19"]),
            "note": st.sampled_from(["", "Rabatt"]),
        }
    )
)
def test_a_row_is_empty_or_kept_or_named(vocabulary, typed):
    form, prices = rows_after(row(**typed))
    is_empty = not any(typed.values())
    assert (len(prices) == 1) + any(name.startswith("zeile-0") for name in form.unreadable) == (not is_empty)


STORED = PriceDraft(kind="per_unit_yearly", amount="0.35", unit="user")


def test_a_stored_row_is_left_out_by_its_tick_only(vocabulary):
    emptied = row(kind="per_unit_yearly", unit="user", amount="")
    form, prices = rows_after(emptied, STORED)
    assert "setzen Sie das Häkchen bei „Diese Zeile weglassen“" in form.unreadable["zeile-0-amount"]
    assert prices == (STORED,)
    form, prices = rows_after({**emptied, **row(drop="on")}, STORED)
    assert (form.unreadable, prices) == ({}, ())


def test_one_empty_row_is_open_and_the_next_is_folded(vocabulary):
    fresh = Prices(content=with_prices(), organisation=None)
    assert [each.is_folded for each in fresh.rows] == [False, True]
    stored = Prices(content=with_prices(STORED), organisation=None)
    assert [each.is_folded for each in stored.rows] == [False, False, True]
    assert [each.is_more_open for each in stored.rows] == [False, False, False]
    taxed = Prices(
        content=with_prices(PriceDraft(kind="yearly", amount="1", vat_rate="19")), organisation=None
    )
    assert taxed.rows[0].is_more_open


def test_what_few_rows_need_is_folded_and_opens_where_something_is_wrong(company, copy):
    page = company.get(f"/angebote/{copy.public_id}/seite/preise").content.decode()
    assert page.count('<details class="am-details"') == 3
    assert '<details class="am-details" open>' not in page
    wrong = {**PRICES, "zeile-0-vat_rate": "viel"}
    page = write(company, copy, "preise", wrong).content.decode()
    assert page.count('<details class="am-details" open>') == 1


def test_net_and_tax_stand_in_review_and_preview(company, copy):
    write(company, copy, "betrieb", OPERATION)
    write(
        company, copy, "preise", {**PRICES, "zeile-0-vat_rate": "19", **row(1, kind="one_off", amount="300")}
    )
    assert len(read(WorkingCopy.objects.get().content).offer.prices) == 2
    for page in ("pruefen", "vorschau"):
        words = company.get(f"/angebote/{copy.public_id}/{page}").content.decode().replace("\xa0", " ")
        rows = re.findall(r"<dd>([^<]*netto[^<]*)</dd>", words)
        assert rows == [
            "1.200,50 € jährlich, netto, dazu 19 % Umsatzsteuer",
            "300,00 € einmalig, netto, zur Umsatzsteuer keine Angabe",
        ]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("2026", "2026"), ("02.2026", "Februar 2026"), ("Februar 2026", "Februar 2026"), ("03.02.2026", "03.02.2026")],
)  # fmt: skip
def test_a_year_or_a_month_is_enough_and_stays_one(company, desk, copy, market, typed, shown):
    write(company, copy, "betrieb", OPERATION)
    write(company, copy, "preise", {**PRICES, "as_of": typed})
    write(company, copy, "ansprechstelle", CONTACT)
    at = f"/angebote/{copy.public_id}"
    assert f'name="as_of" value="{shown}"' in company.get(f"{at}/seite/preise").content.decode()
    assert f"<dd>{shown}</dd>" in company.get(f"{at}/pruefen").content.decode()
    copy.refresh_from_db()
    company.post(f"{at}/abgeben", {"lock_version": copy.lock_version})
    copy.refresh_from_db()
    preview = desk.get(f"/redaktion/angebote/{copy.public_id}/vorschau").content.decode()
    desk.post(f"/redaktion/angebote/{copy.public_id}/veroeffentlichen", {"lock_version": copy.lock_version})
    public = company.get(f"/loesungen/{market.raum.public_id}").content.decode()
    for page in (preview, public):
        assert f">{shown}</time>" in page
    offer = Offer.objects.get(title="Betrieb im Land")
    # Taken up again for a change, it is what it was.
    assert replace(offer_draft_of(offer), is_invented=False) == read(copy.content).offer


def test_what_is_no_time_is_said_and_the_old_one_stays(company, copy):
    write(company, copy, "preise", {**PRICES, "as_of": "2026"})
    page = write(company, copy, "preise", {**PRICES, "as_of": "neulich"}).content.decode()
    assert "Geben Sie ein Jahr, einen Monat oder einen Tag ein" in page
    offer = read(WorkingCopy.objects.get().content).offer
    assert (str(offer.as_of), offer.as_of_precision) == ("2026-01-01", "year")
