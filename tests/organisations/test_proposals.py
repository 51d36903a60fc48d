"""The role of the operator takes two people; the command line is the way to the first."""

import pytest
from django.db import IntegrityError, transaction

from allmende.lib.refusals import Refused
from allmende.organisations.actions import confirm_proposal, propose_role, refuse_proposal
from allmende.organisations.models import RoleProposal
from allmende.organisations.queries import actor_for, open_proposals
from allmende.organisations.rules import may_grant_roles


@pytest.fixture
def proposal(cast, now) -> RoleProposal:
    return propose_role(
        "operator_admin", user=cast["stranger"], reason="Urlaub", by=cast.actor("operator"), now=now
    )


def test_one_proposes_and_another_confirms(cast, proposal, now):
    with pytest.raises(Refused, match="eine andere Person"):
        confirm_proposal(proposal, by=cast.actor("operator"), now=now)
    assert not may_grant_roles(actor_for(cast["stranger"]))
    confirm_proposal(proposal, by=cast.actor("second"), now=now)
    assert (may_grant_roles(actor_for(cast["stranger"])), list(open_proposals())) == (True, [])


def test_nobody_confirms_their_own_promotion(cast, proposal, now):
    from allmende.organisations.actions import grant_role
    from tests.organisations.conftest import PROGRAM

    grant_role("operator_admin", user=cast["stranger"], organisation=None, by=PROGRAM, now=now)
    with pytest.raises(Refused, match="eine andere Person"):
        confirm_proposal(proposal, by=actor_for(cast["stranger"]), now=now)


@pytest.mark.parametrize("who", ["desk", "boss", "stranger", "public"])
def test_nobody_else_confirms_or_refuses(cast, proposal, now, who):
    for act in (confirm_proposal, refuse_proposal):
        with pytest.raises(Refused, match="Berechtigung"):
            act(proposal, by=cast.actor(who), now=now)


def test_refused_is_over(cast, proposal, now):
    refuse_proposal(proposal, by=cast.actor("operator"), now=now)
    with pytest.raises(Refused, match="kann nicht"):
        confirm_proposal(proposal, by=cast.actor("second"), now=now)
    assert not may_grant_roles(actor_for(cast["stranger"]))


def test_a_closed_account_is_not_promoted(cast, proposal, now):
    cast["stranger"].is_active = False
    cast["stranger"].save()
    with pytest.raises(Refused, match="gesperrt"):
        confirm_proposal(proposal, by=cast.actor("second"), now=now)


def test_a_proposal_says_why_and_stands_once(cast, proposal, now):
    told = {"by": cast.actor("operator"), "now": now}
    with pytest.raises(Refused, match="schon ein Vorschlag"):
        propose_role("operator_admin", user=cast["stranger"], reason="Urlaub", **told)
    with pytest.raises(Refused, match="warum die Person"):
        propose_role("operator_admin", user=cast["boss"], reason=" ", **told)
    with pytest.raises(Refused, match="schon"):
        propose_role("operator_admin", user=cast["second"], reason="Urlaub", **told)
    with pytest.raises(Refused, match="Sich selbst"):
        propose_role("operator_admin", user=cast["operator"], reason="Urlaub", **told)
    with pytest.raises(Refused, match="vergeben Sie allein"):
        propose_role("catalogue_editor", user=cast["boss"], reason="Urlaub", **told)


def test_the_database_wants_two_people_too(proposal, now):
    with pytest.raises(IntegrityError), transaction.atomic():
        RoleProposal.objects.filter(pk=proposal.pk).update(state="granted", decided_by=proposal.proposed_by)
