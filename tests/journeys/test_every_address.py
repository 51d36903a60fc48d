"""Every address of the URL resolver, full, wrong and empty, with everything opened: readable by everyone and quiet.

A new address has to be given its place here: an example to open, or the reason why there is nothing to open.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.support.sweep import Check, NewPage, Sweep

STAFF, TOWN = "betrieb@demo.example", "stadt@demo.example"
SLUG = "schlaglochfunk"

# By the name of the address. `{solution}` and the like are looked up on the pages of the demo.
PUBLIC = {
    "record_keys": ["/schluessel"],
    "start": ["/"],
    "search": ["/suche", "/suche?q=karte", "/suche?feld=verwaltung&seite=2", "/suche?q=xyzzyxyzzy"],
    "suggest": ["/suche/vorschlaege?q=karte", "/suche/vorschlaege?q=xyzzyxyzzy"],
    "why": ["/suche/warum/{solution}?q=schlaglochfunk+melden&feld=verwaltung"],
    "map": ["/karte", "/karte?feld=mobilitaet"],
    "towns": ["/kommunen", "/kommunen?q=neustadt", "/kommunen?q=xyzzyxyzzy"],
    "town": ["/kommunen/99001003", "/kommunen/99001", "/kommunen/09162000"],
    "providers": ["/anbieter"],
    "provider": ["/anbieter/{provider}"],
    "origins": ["/daten"],
    "needs_statistics": ["/bedarfe/statistik"],
    "needs": ["/bedarfe", "/bedarfe?feld=verwaltung&groesse=40&seite=2", "/bedarfe?feld=xyzzy"],
    "need": ["{need}"],
    "solution": [
        "/loesungen/{solution}",
        "/loesungen/{solution}?kommune=99001003",
        "/loesungen/{solution}?kommune=neustadt",
        "/loesungen/{solution}?kommune=xyzzy&einwohner=viele&monate=0",
        "/loesungen/{other}",
    ],
    "editions": ["/loesungen/{solution}/ausgaben"],
    "edition": ["/loesungen/{solution}/ausgabe/1"],
    "comparison": [
        "/vergleich",
        "/vergleich?l={solution}",
        "/vergleich?l={solution}&l={other}&l={third}&einwohner=6000",
        "/vergleich?l={solution}&l={other}&einwohner=viele",
    ],
    "findings": ["/befunde/{record}"],
    "report": ["/melden/loesung/{solution}", "/melden/organisation/{provider}"],
    "story": [
        "/loesungen/{solution}/verlauf",
        "/organisationen/{provider}/verlauf",
        "/begriffe/field_of_action:mobilitaet/verlauf",
    ],
    "register_organisation": ["/organisationen/neu"],
    "claim_town": ["/kommunen/99001005/uebernehmen", "/kommunen/99001003/uebernehmen"],
    "demo_logins": ["/demo/anmeldungen"],
    "gallery": ["/komponenten"],
    "gallery_confirm": ["/komponenten/bestaetigen"],
    "page_impressum": ["/impressum"],
    "procurement_rules": ["/vergaberegeln", "/vergaberegeln?tag=01.12.2025", "/vergaberegeln?tag=gestern"],
    "procurement_calculator": [
        "/vergaberegeln/auftragswert",
        "/vergaberegeln/auftragswert?berechnen=1",
        "/vergaberegeln/auftragswert?berechnen=1&day=01.02.2026&land=08&zeilen=1"
        "&zeile-0-label=Betrieb&zeile-0-amount=218.000&zeile-0-rhythm=one_off",
    ],
    "page_datenschutz": ["/datenschutz"],
    "page_barrierefreiheit": ["/barrierefreiheit"],
    "page_ueber": ["/ueber"],
    "page_rangfolge": ["/ueber/rangfolge"],
    "account_login": ["/konto/anmelden"],
    "account_signup": ["/konto/registrieren"],
    "account_inactive": ["/konto/gesperrt"],
    "account_email_verification_sent": ["/konto/adresse-bestaetigen"],
    "account_erased": ["/konto/geloescht"],
    "account_reset_password": ["/konto/passwort-vergessen"],
    "account_reset_password_done": ["/konto/passwort-vergessen/unterwegs"],
    "account_reset_password_from_key": ["/konto/passwort-neu/0-unfug"],
    "account_reset_password_from_key_done": ["/konto/passwort-neu/fertig"],
    "socialaccount_login_cancelled": ["/konto/anbieter/abgebrochen"],
    "account_confirm_email": ["/konto/adresse-bestaetigen/unfug"],
}
SIGNED_IN = {
    "invitations": ["/einladungen"],
    "desk_registrations": ["/redaktion/organisationen"],
    "desk_registration": ["{registration}"],
    "desk_domains": ["/redaktion/organisationen/domains"],
    "desk_domain": ["{domain}"],
    "desk_organisation_merges": ["/redaktion/organisationen/zusammenfuehrungen"],
    "desk_post": ["/redaktion/post"],
    "desk_organisation": ["/redaktion/organisationen/{town}"],
    "organisation": ["/organisation/{town}"],
    "organisation_profile": ["/organisation/{town}/profil"],
    "mine": ["/mein"],
    "news": ["/mein/nachrichten"],
    "news_rates": ["/mein/nachrichten/einstellungen"],
    "saved_searches": ["/mein/suchen"],
    "saved_search_new": ["/mein/suchen/neu?q=karte"],
    "demo_post": ["/demo/post"],
    "desk": ["/redaktion"],
    "desk_sources": ["/redaktion/quellen"],
    "desk_source": ["/redaktion/quellen/redaktion", "/redaktion/quellen/redaktion?urteil=quarantine"],
    "desk_waiting": ["/redaktion/zurueckgestellt"],
    "desk_held": ["/redaktion/fehlende"],
    "desk_roles": ["/redaktion/rollen"],
    "desk_rules": ["/redaktion/vergaberegeln"],
    "desk_rule_new": ["/redaktion/vergaberegeln/neu"],
    "desk_words": ["/redaktion/begriffe"],
    "desk_scheme": ["/redaktion/begriffe/field_of_action"],
    "desk_term": ["/redaktion/begriffe/field_of_action/mobilitaet"],
    "desk_notices": ["/redaktion/meldungen"],
    "desk_journal": ["/redaktion/journal", "/redaktion/journal?person=xyzzy&since=gestern"],
    "desk_erasures": ["/redaktion/loeschungen"],
    "desk_source_add": ["/redaktion/quelle-hinzufuegen"],
    "desk_duplicates": ["/redaktion/dubletten"],
    "operations": ["/redaktion/betrieb"],
    "retention": ["/redaktion/betrieb/aufbewahrung"],
    "desk_misses": ["/redaktion/ohne-treffer", "/redaktion/ohne-treffer?stand=beantwortet"],
    "desk_regions": ["/redaktion/regionen"],
    "desk_solution": ["/redaktion/loesungen/{solution}"],
    "desk_solution_step": [
        "/redaktion/loesungen/{solution}/zurueckziehen",
        "/redaktion/loesungen/{solution}/dublette",
        "/redaktion/loesungen/{solution}/loeschen",
    ],
    "confirm_use": ["/loesungen/{solution}/nutzung"],
    "need_new": ["/bedarfe/neu", "/bedarfe/neu?aus={solution}"],
    "own_needs": ["/bedarfe/eigene"],
    "own_responses": ["/bedarfe/antworten"],
    "fitting_needs": ["/bedarfe/passend"],
    "own_uses": ["/mein/nutzung", "/mein/nutzung?q=karte"],
    "missing_new": ["/fehlende-loesung", "/fehlende-loesung?name=Karte"],
    "desk_missing": ["/redaktion/genannt"],
    "cases": ["/markterkundungen"],
    "audits": ["/pruefung"],
    "inquiries": ["/anfragen"],
    "desk_question_sets": ["/redaktion/fragensammlungen"],
    "desk_question_set": ["/redaktion/fragensammlungen/betrieb-kosten", "/redaktion/fragensammlungen/neu"],
    "case_new": ["/markterkundungen/neu"],
    "offers": ["/angebote"],
    "offer_new": ["/angebote/neu", "/angebote/neu?q=karte"],
    "offer_import": ["/angebote/einlesen"],
    "claim_entry": ["/loesungen/{solution}/uebernehmen"],
    "desk_checks": ["/redaktion/angebote"],
    "desk_edits": ["/redaktion/aenderungen"],
    "desk_claims": ["/redaktion/uebernahmen"],
    "account_logout": ["/konto/abmelden"],
    "account_reauthenticate": ["/konto/bestaetigen"],
    "account_change_password": ["/konto/passwort"],
    "account": ["/konto"],
    "account_name": ["/konto/name"],
    "account_sessions": ["/konto/anmeldungen"],
    "account_data": ["/konto/daten"],
    "account_erase": ["/konto/loeschen"],
    "account_email": ["/konto/adresse"],
    "mfa_index": ["/konto/zweiter-faktor"],
    "mfa_activate_totp": ["/konto/zweiter-faktor/app"],
    "mfa_list_webauthn": ["/konto/passkeys"],
    "mfa_add_webauthn": ["/konto/passkeys/neu"],
    "socialaccount_connections": ["/konto/anbieter"],
}
NOT_OPENED = {
    "desk_rule": "its id is made by loading the rules: tests/web/procurement/test_desk.py",
    "organisation_rules": "for those who belong to it: test_an_organisation_has_its_pages",
    "organisation_rule": "a button only",
    "case_auftragswert": "as the other pages of a case: tests/web/exploration/test_estimates.py",
    "case_verfahrensart": "as the other pages of a case that need an estimate: tests/web/exploration/test_estimates.py",
    "claim_town_step": "a button only",
    "invitation": "the link of a mail: tests/journeys/test_organisations.py; a wrong one is in WRONG",
    "organisation_logo": "as below: tests/journeys/test_files.py",
    "organisation_logo_remove": "a button only",
    "file": "a file: tests/web/files",
    "offer_draft_documents": "of one organisation: tests/journeys/test_files.py",
    "offer_documents": "as above",
    "document_remove": "a button only",
    "organisation_invite": "for whoever administers it: test_an_organisation_has_its_pages",
    "organisation_member": "as above",
    "organisation_leave": "as above",
    "organisation_absence": "as above",
    "organisation_absence_end": "a button only",
    "organisation_invitation_withdraw": "a button only",
    "organisation_request": "a button only",
    "organisation_domains": "a button only",
    "organisation_domain": "a button only",
    "invitation_answer": "a button only",
    "map_ground": "a drawing, shown on the map",
    "edition_json": "data",
    "comparison_xlsx": "a file",
    "comparison_csv": "a file",
    "robots": "for machines",
    "news_open": "leads on to what it is about",
    "news_read_all": "a button only",
    "news_trust_address": "a button only",
    "saved_search_change": "a button only",
    "saved_search_drop": "a button only",
    "unsubscribe": "needs a link of a mail: tests/journeys/test_news.py",
    "demo_letter": "needs a mail: tests/journeys/test_news.py",
    "desk_harvest": "a button only",
    "desk_source_trial": "a button only",
    "desk_accept_missing": "a button only",
    "desk_decide": "needs a pair: tests/journeys/test_desk.py",
    "desk_record": "needs a record that is kept back: tests/journeys/test_desk.py",
    "desk_source_pause": "a button only",
    "desk_source_rhythm": "a button only",
    "desk_role_end": "a button only",
    "desk_role_proposal": "a button only",
    "desk_notice": "needs a notice: tests/journeys/test_desk.py",
    "follow_notice": "needs a link: tests/journeys/test_desk.py",
    "confirm_notice": "needs a link of a mail: tests/web/notices",
    "statement": "needs a link of a mail: tests/journeys/test_desk.py",
    "own_statement": "for the side concerned: tests/web/notices",
    "missing": "for the town that named it: tests/web/uses",
    "own_entry_withdraw": "for the owner: tests/web/offers/test_giving_up.py",
    "missing_take_back": "a button only",
    "desk_missing_one": "tests/web/uses",
    "desk_settle_miss": "a button only",
    "operations_job": "a button only",
    "retention_decide": "a button only",
    "desk_undo_merge": "a button only",
    "desk_organisation_merge": "needs a proposal: tests/web/organisations/test_merging.py",
    "desk_organisation_merge_with": "needs two of a name: tests/web/organisations/test_merging.py",
    "desk_erasure": "needs a proposal: tests/web/desk/test_solutions.py",
    "desk_journal_words": "needs a typed text: tests/web/history/test_history.py",
    "desk_succession": "needs a vanished town: tests/web/desk/test_regions.py",
    "need_edition": "of a need that was changed: tests/web/demand/test_writing.py",
    "need_edit": "of one town: tests/journeys/test_needs.py",
    "need_matches": "of one town: tests/demand/matching/test_pages.py",
    "need_step": "as above",
    "needs_statistics_file": "a file",
    "need_joint": "of one town: tests/web/demand/test_joint.py",
    "need_outcome": "of one town: tests/web/demand/test_outcomes.py",
    "joint": "of the towns that take part: tests/web/demand/test_joint.py",
    "joint_change": "as above",
    "joint_invite": "a button only",
    "joint_act": "a button only",
    "joining_act": "a button only",
    "need_autosave": "a part of a page",
    "need_review": "as above",
    "need_publish": "a button only",
    "need_drop": "as above",
    "need_withdraw": "as above",
    "need_close": "as above",
    "need_copy": "a button only",
    "need_answer": "as above",
    "need_response": "a button only",
    "case": "of one town: tests/journeys/test_market_exploration.py",
    "case_bedarf": "as above",
    "case_zustaendigkeit": "as above",
    "case_wege": "as above",
    "case_plan": "as above",
    "case_schlussfolgerung": "as above",
    "case_vorbefassung": "as above",
    "case_freigabe": "as above",
    "case_vergabe": "as above",
    "case_nachlauf": "as above",
    "case_particulars": "as above",
    "case_deadlines": "as above",
    "case_deviation": "as above",
    "case_attachments": "as above",
    "keep_search": "for members: tests/web/exploration/test_research.py",
    "case_recherche": "of one town: tests/web/exploration/test_research.py",
    "case_look": "of one town: tests/web/exploration/test_research.py",
    "case_look_here": "of one town: tests/web/exploration/test_research.py",
    "case_search": "of one town: tests/web/exploration/test_research.py",
    "case_look_again": "of one town: tests/web/exploration/test_research.py",
    "case_auswahl": "of one town: tests/web/exploration/test_research.py",
    "case_decide": "of one town: tests/web/exploration/test_research.py",
    "case_add": "of one town: tests/web/exploration/test_research.py",
    "case_candidate": "of one town: tests/web/exploration/test_research.py",
    "case_ansprache": "of one town: tests/web/exploration/test_asking.py",
    "case_questionnaire": "of one town: tests/web/exploration/test_asking.py",
    "case_question_new": "of one town: tests/web/exploration/test_asking.py",
    "case_question": "of one town: tests/web/exploration/test_asking.py",
    "case_recipients": "of one town: tests/web/exploration/test_asking.py",
    "case_preview": "of one town: tests/web/exploration/test_asking.py",
    "case_answers": "of one town: tests/web/exploration/test_asking.py",
    "case_proof": "of one town: tests/web/exploration/test_asking.py",
    "case_questionnaire_new": "a button only",
    "case_questions": "a button only",
    "case_asked_step": "a button only",
    "inquiry": "of one company: tests/web/answers",
    "inquiry_answers": "of one company: tests/web/answers",
    "inquiry_print": "of one company: tests/web/answers",
    "inquiry_autosave": "a part of a page",
    "inquiry_link": "needs the link of a mail: tests/web/answers",
    "inquiry_link_answers": "needs the link of a mail: tests/web/answers",
    "inquiry_link_print": "needs the link of a mail: tests/web/answers",
    "inquiry_link_autosave": "a part of a page",
    "case_gespraeche": "of one town: tests/web/exploration/test_research.py",
    "case_talk_new": "of one town: tests/web/exploration/test_research.py",
    "case_talk": "of one town: tests/web/exploration/test_research.py",
    "case_auswertung": "of one town: tests/web/exploration/test_research.py",
    "case_matrix_xlsx": "of one town: tests/web/exploration/test_research.py",
    "case_requirements": "of one town: tests/web/exploration/test_research.py",
    "case_requirements_txt": "of one town: tests/web/exploration/test_research.py",
    "case_cell": "of one town: tests/web/exploration/test_research.py",
    "case_snapshot": "a button only",
    "case_snapshot_matches": "a button only",
    "case_add_from_search": "a button only",
    "case_not_asked": "a button only",
    "case_talk_share": "a button only",
    "case_begin": "a button only",
    "case_attachment_remove": "a button only",
    "case_member_add": "a button only",
    "case_member_end": "a button only",
    "case_declaration": "a button only",
    "case_remedy": "a button only",
    "case_involvement_suggest": "a button only",
    "case_involvement_drop": "a button only",
    "case_submit": "a button only",
    "case_approve": "a button only",
    "case_record": "of one town: tests/web/exploration/test_record.py",
    "case_record_read": "of one town: tests/web/exploration/test_record.py",
    "case_export": "a file: tests/web/exploration/test_record.py",
    "case_accesses": "of one town: tests/web/exploration/test_record.py",
    "case_access_end": "a button only",
    "audit": "of one town: tests/web/exploration/test_record.py",
    "audit_export": "a file: tests/web/exploration/test_record.py",
    "record_keys_json": "for machines: tests/web/exploration/test_record.py",
    "record_schema": "for machines: tests/web/exploration/test_record.py",
    "case_take_back": "a button only",
    "case_return": "a button only",
    "case_stop": "a button only",
    "case_fix_plan": "a button only",
    "case_sheet": "the form of a step",
    "case_autosave": "a part of a page",
    "offer_new_solution": "a button only",
    "offer_new_for": "a button only",
    "offer_draft": "of one organisation: tests/journeys/test_offers.py",
    "offer_step": "as above",
    "offer_autosave": "a part of a page",
    "offer_preview": "as above",
    "offer_review": "as above",
    "offer_hand_in": "a button only",
    "offer_take_back": "a button only",
    "offer_drop": "as above",
    "offer_edit": "a button only",
    "offer_renew": "a button only",
    "offer_withdraw": "as above",
    "offer_answer": "a button only",
    "offer_own_entry": "a button only",
    "desk_check": "as above",
    "desk_check_preview": "as above",
    "desk_check_publish": "a button only",
    "desk_check_return": "a button only",
    "desk_edit": "as above",
    "desk_edit_decide": "a button only",
    "desk_claim": "as above",
    "desk_claim_decide": "a button only",
    "account_set_password": "for accounts without a password, which we do not make",
    "mfa_authenticate": "asks for the second factor in the middle of signing in: tests/web/shell/test_accounts.py",
    "mfa_reauthenticate": "as above",
    "mfa_deactivate_totp": "only with a second factor",
    "mfa_view_recovery_codes": "only with a second factor",
    "mfa_generate_recovery_codes": "only with a second factor",
    "mfa_download_recovery_codes": "a file",
    "mfa_login_webauthn": "a button only: tests/journeys/test_accounts.py",
    "mfa_reauthenticate_webauthn": "only with a passkey: tests/journeys/test_accounts.py",
    "mfa_edit_webauthn": "as above",
    "mfa_remove_webauthn": "as above",
    "account_download": "a file",
    "account_end_session": "a button only",
    "account_end_others": "a button only",
    "account_end_all": "a button only",
    "account_join": "in the middle of signing in with a provider: tests/web/accounts/test_providers.py",
    "socialaccount_signup": "as above",
    "socialaccount_login_error": "an error (401)",
    "openid_connect_login": "a button only",
    "openid_connect_callback": "where a provider sends people back to",
}
# Wagtail's back office is its own product; the doors that we open are looked at in `test_the_back_office_opens`.
BACK_OFFICE = "verwaltung/"

WRONG = [
    "/gibt-es-nicht", "/loesungen/0000000000", "/loesungen/unfug", "/loesungen/0000000000/ausgaben",
    "/loesungen/{solution}/ausgabe/999", "/anbieter/0000000000", "/kommunen/00000000", "/kommunen/unfug",
    "/einladung/unfug", "/organisation/0000000000", "/kommunen/unfug/uebernehmen",
    "/befunde/0000000000", "/redaktion/quellen/unfug", "/redaktion/loesungen/0000000000",
    "/melden/loesung/0000000000", "/loesungen/0000000000/verlauf", "/unfug/0000000000/verlauf",
    "/redaktion/meldungen/0000000000", "/redaktion/begriffe/unfug", "/redaktion/zurueckgestellt/0000000000",
    "/meldungen/0000000000/unfug",
    "/loesungen/0000000000/nutzung", "/suche/warum/0000000000?q=karte", "/suche/warum/{solution}?q=xyzzyxyzzy",
]  # fmt: skip
EMPTY = [
    "/", "/suche", "/suche?q=karte", "/karte", "/kommunen", "/kommunen?q=kiel", "/anbieter", "/daten", "/vergleich",
    "/organisationen/neu", "/einladungen", "/redaktion/organisationen", "/redaktion/organisationen/domains",
    "/konto/anmelden", "/mein", "/redaktion", "/redaktion/quellen", "/redaktion/zurueckgestellt",
    "/redaktion/dubletten", "/redaktion/regionen", "/redaktion/ohne-treffer", "/redaktion/fehlende",
    "/redaktion/meldungen", "/redaktion/journal",
]  # fmt: skip


def named_addresses(resolver: URLResolver, before: str = "") -> Iterator[str]:
    for pattern in resolver.url_patterns:
        path = before + str(pattern.pattern)
        if path.startswith(BACK_OFFICE):
            continue
        if isinstance(pattern, URLPattern):
            if pattern.name:
                yield pattern.name
        else:
            yield from named_addresses(pattern, path)


def test_every_address_has_its_place_here() -> None:
    assert sorted(named_addresses(get_resolver())) == sorted([*PUBLIC, *SIGNED_IN, *NOT_OPENED])


@pytest.fixture(scope="module")
def staff(browser: Any, demo_site: str) -> Any:
    """The cookies of somebody who runs the platform, signed in once."""
    context = browser.new_context(base_url=demo_site)
    sign_in(context.new_page(), STAFF)
    state = context.storage_state()
    context.close()
    return state


@pytest.fixture(scope="module")
def known(browser: Any, demo_site: str, staff: Any) -> dict[str, str]:
    """Ids of the demo, read off its pages."""
    context = browser.new_context(base_url=demo_site, storage_state=staff)

    def first(address: str, pattern: str) -> str:
        found = re.search(pattern, context.request.get(address).text())
        assert found, f"{address}: {pattern}"
        return found[1]

    known = {
        "solution": first(f"/suche?q={SLUG}", r'href="/loesungen/(\w{10})"'),
        "other": first("/suche?q=fixmystreet", r'href="/loesungen/(\w{10})"'),
        "third": first("/suche?q=mark-a-spot", r'href="/loesungen/(\w{10})"'),
        "provider": first("/anbieter", r'href="/anbieter/(\w{10})"'),
        "registration": first(
            "/redaktion/organisationen", r'href="(/redaktion/organisationen/antraege/\w{10})'
        ),
        "domain": first(
            "/redaktion/organisationen/domains", r'href="(/redaktion/organisationen/domains/\w{10})'
        ),
        "need": first("/bedarfe", r'href="(/bedarfe/\w{10})"'),
        "record": first("/redaktion/quellen/redaktion", r'href="/befunde/(\w{10})"'),
    }
    known["town"] = first(known["domain"], r'href="/redaktion/organisationen/(\w{10})"')
    context.close()
    return known


def sign_in(page: Any, email: str) -> None:
    page.goto("/konto/anmelden")
    page.get_by_label("E-Mail-Adresse").fill(email)
    page.get_by_label("Passwort").fill("Allmende-Demo-2026")
    page.get_by_role("main").get_by_role("button", name="Anmelden", exact=True).click()
    page.wait_for_url("**/mein")


def test_every_public_page_of_a_full_house(
    demo_site: str, known: dict[str, str], new_page: NewPage, overflow: Check
) -> None:
    sweep = Sweep(new_page(base_url=demo_site), overflow)
    for addresses in PUBLIC.values():
        for address in addresses:
            sweep.look_at(address.format(**known))
    assert sweep.complaints == []


def test_every_page_behind_the_door(
    demo_site: str, known: dict[str, str], staff: Any, new_page: NewPage, overflow: Check
) -> None:
    sweep = Sweep(new_page(base_url=demo_site, storage_state=staff), overflow)
    for addresses in SIGNED_IN.values():
        for address in addresses:
            sweep.look_at(address.format(**known))
    assert sweep.complaints == []


def test_every_wrong_address_is_a_page_too(
    demo_site: str, known: dict[str, str], staff: Any, new_page: NewPage, overflow: Check
) -> None:
    sweep = Sweep(new_page(base_url=demo_site, storage_state=staff), overflow)
    for address in WRONG:
        sweep.look_at(address.format(**known), status=(404,))
    assert sweep.complaints == []


def test_a_town_sees_its_form_and_no_desk(
    demo_site: str, known: dict[str, str], new_page: NewPage, overflow: Check
) -> None:
    page = new_page(base_url=demo_site)
    sweep = Sweep(page, overflow)
    sign_in(page, TOWN)
    sweep.look_at("/redaktion", status=(403,))
    sweep.look_at(f"/loesungen/{known['third']}/nutzung")
    page.get_by_role("button", name="Angabe veröffentlichen").click()
    sweep.look()
    assert sweep.complaints == []


def test_an_organisation_has_its_pages(demo_site: str, new_page: NewPage, overflow: Check) -> None:
    page = new_page(base_url=demo_site)
    sweep = Sweep(page, overflow)
    sign_in(page, "stadtverwaltung@demo.example")
    page.get_by_role("link", name="Espenfurt (Beispiel)", exact=True).first.click()
    home = re.search(r"/organisation/\w{10}", page.url).group()  # type: ignore[union-attr]
    me = re.search(r"/mitglied/\w{10}", page.content()).group()  # type: ignore[union-attr]
    for path in ("", "/profil", "/vergaberegeln", "/einladen", me, "/verlassen", "/abwesenheit"):
        sweep.look_at(home + path)
    assert sweep.complaints == []


def test_the_back_office_opens(demo_site: str, staff: Any, new_page: NewPage) -> None:
    page = new_page(base_url=demo_site)
    page.goto("/verwaltung/")
    page.wait_for_url("**/konto/anmelden**")
    assert new_page(base_url=demo_site, storage_state=staff).goto("/verwaltung/").status == 200


def test_every_page_of_an_empty_house(
    transactional_db: None, settings: Any, tmp_path: Any, now: Any, new_page: NewPage, overflow: Check
) -> None:
    from allmende.search.actions import rebuild
    from tests.factories.people import signed_in, somebody

    settings.SEARCH_INDEX_DIR = tmp_path / "index"
    rebuild()
    cookie = signed_in(somebody("operator_admin", now=now)).cookies[settings.SESSION_COOKIE_NAME].value
    page = new_page()
    sweep = Sweep(page, overflow)
    for address in EMPTY:
        if address == "/mein":
            root = page.url.removesuffix("/konto/anmelden")
            page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": root}])
        sweep.look_at(address)
    assert sweep.complaints == []
