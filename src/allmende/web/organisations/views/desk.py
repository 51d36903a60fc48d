"""The desk: check who applied, write the letter, confirm domains, look after an organisation."""

from datetime import UTC, datetime

from django import forms
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.organisations import queries
from allmende.organisations.actions import (
    accept_claim,
    confirm_domain,
    leave,
    note_returned_letter,
    refuse_claim,
    remove_domain,
    restore,
    send_letter,
    suspend,
)
from allmende.organisations.actions.claims import OLD_CODE
from allmende.organisations.drafts import AddressDraft
from allmende.organisations.models import Claim, EmailDomain, Organisation
from allmende.organisations.roles import ROLES
from allmende.web.components.parts import Crumb, Definition
from allmende.web.components.queues import Line, Place
from allmende.web.organisations.forms import AcceptForm, LetterForm, ReasonForm
from allmende.web.organisations.loading import member_of
from allmende.web.organisations.views.organisation import facts
from allmende.web.shell.access import carry_out, for_staff

CLAIM_DAYS, DOMAIN_DAYS = 3, 5
_ADDRESS = ("recipient", "attention", "street", "postcode", "place")
CLAIMS, DOMAINS = "/redaktion/organisationen", "/redaktion/organisationen/domains"
_DESK = (Crumb("Start", "/"), Crumb("Redaktion", "/redaktion"))


@for_staff
def claims(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Who applied, what waits longest first; letters on their way, organisations without anybody, and any by name."""
    now = datetime.now(UTC)
    running = list(queries.running_claims()[:200])
    sought = request.GET.get("name", "").strip()[:100]
    context = {
        "lines": [_claim_line(each, now) for each in running if not each.code_holds(now)],
        "sent": [each for each in running if each.code_holds(now)],
        "orphans": queries.without_administrator()[:100],
        "sought": sought,
        "found": queries.found_by_name(sought) if sought else [],
        "crumbs": [*_DESK, Crumb("Anmeldungen von Organisationen")],
    }
    return render(request, "organisations/desk_claims.html", context)


def _claim_line(claim: Claim, now: datetime) -> Line:
    since = claim.made_at
    if claim.state == "code_sent" and claim.expires_at:
        why = "Code abgelaufen. Fragen Sie nach, und schicken Sie einen neuen Brief, oder lehnen Sie ab."
        since = claim.expires_at
    elif claim.takes_over:
        why = "Übernimmt einen Eintrag, den es schon gibt. Belege prüfen."
    elif not claim.needs_letter:
        why = "Mit dem Register vergleichen."
    elif claim.returned_at:
        why = "Der Brief kam zurück. Anschrift prüfen und einen neuen Brief schicken."
    elif claim.attempts:
        why = "Der Code wurde zu oft falsch eingegeben. Prüfen Sie, ob ein neuer Brief nötig ist."
    else:
        why = "Prüfen und Brief an das Rathaus schicken."
    return Line.of(
        claim.organisation.name, _claim_page(claim), why=why, since=since, days=CLAIM_DAYS, now=now
    )


def _claim_page(claim: Claim) -> str:
    return f"{CLAIMS}/antraege/{claim.public_id}"


@for_staff
def claim(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Everything needed to decide about one application."""
    found = (
        Claim.objects.filter(public_id=public_id)
        .select_related("user", "organisation__region__land", "organisation__region__kreis")
        .first()
    )
    if found is None:
        raise Http404
    place = _place(found)
    form: forms.Form
    form = LetterForm(initial=_letter(found)) if found.needs_letter else AcceptForm()
    reason = ReasonForm()
    if request.method == "POST":
        if request.POST.get("urteil") == "ablehnen":
            reason = ReasonForm(request.POST)
            if reason.is_valid():
                return carry_out(
                    request,
                    "Die Anmeldung ist abgelehnt. Die Person bekommt den Grund per E-Mail.",
                    lambda now: refuse_claim(found, reason=reason.cleaned_data["reason"], by=actor, now=now),
                    then=place.then,
                )
        elif request.POST.get("urteil") == "zurueckgekommen":
            return carry_out(
                request,
                "Vermerkt. Der Code aus diesem Brief gilt nicht mehr.",
                lambda now: note_returned_letter(found, by=actor, now=now),
                then=_claim_page(found),
            )
        elif found.needs_letter:
            form = LetterForm(request.POST)
            if form.is_valid() and (letter := _print_letter(request, found, form, actor)):
                return letter
        else:
            form = AcceptForm(request.POST)
            if form.is_valid():
                return carry_out(
                    request,
                    f"{found.organisation.name} ist bestätigt. Die Person kann jetzt andere einladen.",
                    lambda now: accept_claim(
                        found, domain_fits=form.cleaned_data["domain_fits"], by=actor, now=now
                    ),
                    then=place.then,
                )
    context = {
        "claim": found,
        "place": place,
        "form": form,
        "reason": reason,
        "facts": facts(found.organisation),
        "addresses": queries.confirmed_addresses(found.user),
        "same_name": queries.same_name(found.organisation),
        "said": _said(found),
        "evidence": queries.evidence_of(found) if found.takes_over else ("", ""),
        "other_claims": Claim.objects.filter(organisation=found.organisation).exclude(pk=found.pk),
        "is_expired": found.state == "code_sent" and not found.code_holds(datetime.now(UTC)),
        "is_own": found.user.public_id == actor.id,
        "crumbs": [*_DESK, Crumb("Anmeldungen", CLAIMS), Crumb(found.organisation.name)],
    }
    return render(request, "organisations/desk_claim.html", context)


def _place(claim: Claim) -> Place:
    waiting = [_claim_page(each) for each in queries.claims_to_check(datetime.now(UTC))]
    return Place.of(
        waiting, _claim_page(claim), list_href=CLAIMS, list_label="Anmeldungen von Organisationen"
    )


def _letter(claim: Claim) -> dict[str, object]:
    """What the register knows of the town hall: name, post code and place; the street a person looks up."""
    fits, kept = {"domain_fits": claim.domain_fits}, queries.postal_address(claim.organisation)
    if kept is not None:
        return {**fits, **{name: getattr(kept, name) for name in _ADDRESS}}
    region = claim.organisation.region
    if region is None:
        return {}
    # To whoever leads the administration and not to whoever applied: they have to know of it.
    known = {"recipient": region.official_name, "attention": "Verwaltungsleitung"}
    return {**fits, **known, "postcode": region.postcode, "place": region.name}


def _said(claim: Claim) -> list[Definition]:
    """What the person says of an entry that was there by its name only."""
    if not claim.takes_over:
        return []
    proposed = Organisation(**claim.said)
    return [Definition("Name", [proposed.name]), *facts(proposed, with_state=False)]


def _print_letter(request: HttpRequest, claim: Claim, form: forms.Form, actor: Actor) -> HttpResponse | None:
    """The code is shown this once: on the letter, which goes from here to the printer. None: not written, see form."""
    now = datetime.now(UTC)
    said = form.cleaned_data
    try:
        address = AddressDraft(**{name: said[name] for name in _ADDRESS})
        code = send_letter(claim, address=address, domain_fits=said["domain_fits"], by=actor, now=now)
    except Refused as refusal:
        form.add_error(None, refusal.message)
        return None
    claim.refresh_from_db()
    context = {
        "claim": claim,
        "code": code,
        "today": now,
        "region": claim.organisation.region,
        "site": settings.SITE_URL,
        "old_code": OLD_CODE if claim.letters > 1 else "",
        "sender": settings.LETTER_SENDER,
        "phone": settings.LETTER_PHONE,
        "reply_to": settings.LETTER_REPLY_TO,
    }
    return render(request, "organisations/letter.html", context)


@for_staff
def domains(request: HttpRequest, actor: Actor) -> HttpResponse:
    now = datetime.now(UTC)
    lines = [
        Line.of(
            f"{each.domain}: {each.organisation.name}",
            f"{DOMAINS}/{each.public_id}",
            why="Prüfen, ob die Domain der Organisation gehört.",
            since=each.proposed_at,
            days=DOMAIN_DAYS,
            now=now,
        )
        for each in queries.domains_to_check()[:200]
    ]
    context = {"lines": lines, "crumbs": [*_DESK, Crumb("E-Mail-Domains")]}
    return render(request, "organisations/desk_domains.html", context)


@for_staff
def domain(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    found = EmailDomain.objects.filter(public_id=public_id).select_related("organisation__region").first()
    if found is None:
        raise Http404
    waiting = [f"{DOMAINS}/{each.public_id}" for each in queries.domains_to_check()]
    place = Place.of(waiting, f"{DOMAINS}/{public_id}", list_href=DOMAINS, list_label="E-Mail-Domains")
    if request.method == "POST":
        if request.POST.get("urteil") == "ablehnen":
            return carry_out(
                request,
                f"Die Domain {found.domain} ist entfernt.",
                lambda now: remove_domain(found, by=actor, now=now),
                then=place.then,
            )
        return carry_out(
            request,
            f"Die Domain {found.domain} ist bestätigt.",
            lambda now: confirm_domain(found, by=actor, now=now),
            then=place.then,
        )
    context = {
        "domain": found,
        "place": place,
        "facts": facts(found.organisation),
        "shared": queries.shares_domain(found),
        "crumbs": [*_DESK, Crumb("E-Mail-Domains", DOMAINS), Crumb(found.domain)],
    }
    return render(request, "organisations/desk_domain.html", context)


@for_staff
def organisation(request: HttpRequest, actor: Actor, public_id: str) -> HttpResponse:
    """Who belongs to an organisation; suspend it, let it act again, end a membership."""
    found = Organisation.objects.filter(public_id=public_id).select_related("region").first()
    if found is None:
        raise Http404
    if found.state == "merged":
        return redirect("desk_organisation", queries.standing_for(found).public_id)
    form = ReasonForm(request.POST if request.POST.get("was") == "aussetzen" else None)
    if request.method == "POST":
        answer = _act(request, actor, found, form)
        if answer is not None:
            return answer
    context = {
        "organisation": found,
        "facts": facts(found),
        "people": [
            (each, [ROLES[role] for role in each.roles if role in ROLES]) for each in queries.members(found)
        ],
        "form": form,
        "can_be_merged": found.region is None and found.state in ("named", "accredited"),
        "twins": [each for each in queries.taken_for(found.name) if each.pk != found.pk],
        "crumbs": [*_DESK, Crumb("Anmeldungen", CLAIMS), Crumb(found.name)],
    }
    return render(request, "organisations/desk_organisation.html", context)


def _act(request: HttpRequest, actor: Actor, found: Organisation, form: ReasonForm) -> HttpResponse | None:
    then = f"{CLAIMS}/{found.public_id}"
    what = request.POST.get("was")
    if what == "aussetzen":
        if not form.is_valid():
            return None
        return carry_out(
            request,
            f"{found.name} ist ausgesetzt. Niemand handelt mehr für die Organisation.",
            lambda now: suspend(found, reason=form.cleaned_data["reason"], by=actor, now=now),
            then=then,
        )
    if what == "wieder-zulassen":
        return carry_out(
            request,
            f"{found.name} kann wieder handeln.",
            lambda now: restore(found, by=actor, now=now),
            then=then,
        )
    if what == "mitgliedschaft-beenden":
        person = member_of(found, request.POST.get("person", ""))
        return carry_out(
            request,
            f"{person} gehört nicht mehr zu {found.name}.",
            lambda now: leave(found, leaver=person, to=None, by=actor, now=now),
            then=then,
        )
    raise Http404
