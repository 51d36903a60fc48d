"""Every page of an organisation opens for whom it is for, and for nobody else."""

import pytest

from tests.factories.people import signed_in


@pytest.mark.parametrize("path", ["", "/profil", "/einladen", "/mitglied/{me}", "/verlassen", "/abwesenheit"])
def test_each_page_opens_for_the_administrator_and_not_for_a_stranger(town, boss, stranger, path):
    address = f"/organisation/{town.public_id}{path.format(me=boss.public_id)}"
    assert signed_in(boss).get(address).status_code == 200
    assert signed_in(stranger).get(address).status_code == 404
