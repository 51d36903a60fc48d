"""Addresses of organisations and of the people in them."""

from django.urls import path

from allmende.web.organisations.views import (
    absences,
    demo,
    desk,
    domains,
    invitations,
    logo,
    merges,
    organisation,
    people,
    post,
    profile,
    registering,
    town,
)

urlpatterns = [
    path("organisationen/neu", registering.show, name="register_organisation"),
    path("kommunen/<str:key>/uebernehmen", town.show, name="claim_town"),
    path("kommunen/<str:key>/uebernehmen/<slug:step>", town.act, name="claim_town_step"),
    path("organisation/<str:public_id>", organisation.show, name="organisation"),
    path("organisation/<str:public_id>/profil", profile.show, name="organisation_profile"),
    path("organisation/<str:public_id>/logo", logo.show, name="organisation_logo"),
    path("organisation/<str:public_id>/logo/entfernen", logo.remove, name="organisation_logo_remove"),
    path("organisation/<str:public_id>/einladen", invitations.invite_people, name="organisation_invite"),
    path(
        "organisation/<str:public_id>/einladungen/<str:invitation>/zurueckziehen",
        invitations.take_back,
        name="organisation_invitation_withdraw",
    ),
    path("organisation/<str:public_id>/mitglied/<str:member>", people.member, name="organisation_member"),
    path(
        "organisation/<str:public_id>/anfragen/<str:request_id>",
        people.decide_request,
        name="organisation_request",
    ),
    path("organisation/<str:public_id>/verlassen", people.leave_it, name="organisation_leave"),
    path("organisation/<str:public_id>/abwesenheit", absences.report, name="organisation_absence"),
    path(
        "organisation/<str:public_id>/abwesenheiten/<str:absence>/beenden",
        absences.end,
        name="organisation_absence_end",
    ),
    path("organisation/<str:public_id>/domains", domains.add, name="organisation_domains"),
    path("organisation/<str:public_id>/domains/<str:domain>", domains.change, name="organisation_domain"),
    path("einladungen", invitations.mine, name="invitations"),
    path("einladungen/<str:invitation>", invitations.answer, name="invitation_answer"),
    path("einladung/<str:token>", invitations.by_link, name="invitation"),
    path("redaktion/organisationen", desk.claims, name="desk_registrations"),
    path("redaktion/organisationen/domains", desk.domains, name="desk_domains"),
    path("redaktion/organisationen/domains/<str:public_id>", desk.domain, name="desk_domain"),
    path("redaktion/organisationen/antraege/<str:public_id>", desk.claim, name="desk_registration"),
    path("redaktion/organisationen/zusammenfuehrungen", merges.listing, name="desk_organisation_merges"),
    path(
        "redaktion/organisationen/zusammenfuehrungen/<str:public_id>",
        merges.show,
        name="desk_organisation_merge",
    ),
    path(
        "redaktion/organisationen/<str:public_id>/zusammenfuehren",
        merges.propose,
        name="desk_organisation_merge_with",
    ),
    path("redaktion/post", post.show, name="desk_post"),
    path("redaktion/organisationen/<str:public_id>", desk.organisation, name="desk_organisation"),
    path("demo/anmeldungen", demo.logins, name="demo_logins"),
]
