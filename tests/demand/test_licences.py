"""Which licences are open ones; what is not known is said to be unknown."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.demand.licences import is_open


@pytest.mark.parametrize(
    ("expression", "answer"),
    [
        ("MIT", True),
        ("EUPL-1.2", True),
        ("AGPL-3.0-or-later", True),
        ("GPL-2.0+", True),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True),
        ("SSPL-1.0", False),
        ("BUSL-1.1", False),
        ("LicenseRef-Hausmarke", None),
        ("", None),
        ("MIT OR SSPL-1.0", True),
        ("MIT AND SSPL-1.0", False),
        ("MIT AND LicenseRef-Hausmarke", None),
        ("SSPL-1.0 OR LicenseRef-Hausmarke", None),
        ("(MIT OR SSPL-1.0) AND Apache-2.0", True),
        ("MIT AND (SSPL-1.0 OR BUSL-1.1)", False),
        ("MIT OR", None),
        ("(MIT", None),
        ("MIT Apache-2.0", None),
        ("AND", None),
        ("(" * 500, None),
    ],
)
def test_an_expression_is_open_not_open_or_unknown(expression, answer):
    assert is_open(expression) is answer


@settings(max_examples=50)
@given(st.text("MITANDORWH()- +1.0", max_size=60))
def test_whatever_is_written_gets_an_answer(expression):
    assert is_open(expression) in (True, False, None)
