"""Licences: what the standard takes, and what a person meant."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.federation.formats.publiccode.licences import canonical_licence, is_licence_expression


@pytest.mark.parametrize(
    ("written", "is_valid", "canonical"),
    [
        ("EUPL-1.2", True, "EUPL-1.2"),
        ("eupl-1.2", True, "EUPL-1.2"),
        ("EUPL-1.2-or-later", True, "EUPL-1.2"),
        ("EUPL-1.2+", True, "EUPL-1.2"),
        ("GPL-3.0", True, "GPL-3.0-only"),
        ("gpl-3.0", True, "GPL-3.0-only"),
        ("GPL-3.0+", True, "GPL-3.0-or-later"),
        ("AGPL-3.0-or-later", True, "AGPL-3.0-or-later"),
        ("MIT OR Apache-2.0", True, "MIT OR Apache-2.0"),
        ("(MIT OR Apache-2.0) AND ISC", True, "(MIT OR Apache-2.0) AND ISC"),
        ("((MIT))", True, "MIT"),
        ("GPL-2.0-only WITH Classpath-exception-2.0", True, "GPL-2.0-only WITH Classpath-exception-2.0"),
        ("LicenseRef-Muster", True, "LicenseRef-Muster"),
        ("DocumentRef-a:LicenseRef-b", True, "DocumentRef-a:LicenseRef-b"),
        ("mit or apache-2.0", False, "MIT OR Apache-2.0"),
        ("MIT License", False, "MIT"),
        ("Apache License, Version 2.0", False, "Apache-2.0"),
        ("Apache 2", False, "Apache-2.0"),
        ("GPLv3", False, "GPL-3.0-only"),
        ("EUPL v1.2", False, "EUPL-1.2"),
        ("EUPL", False, "EUPL-1.2"),
        ("  MIT  ", True, "MIT"),
        ("BSD", False, None),
        ("GPL", False, None),
        ("proprietär", False, None),
        ("XXXXXXXX", False, None),
        ("other", False, None),
        ("Classpath-exception-2.0", False, None),
        ("MIT WITH MIT", False, None),
        ("MIT Apache-2.0", False, None),
        ("MIT OR", False, None),
        ("OR MIT", False, None),
        ("(MIT", False, None),
        ("MIT)", False, None),
        ("()", False, None),
        ("MIT +", False, None),
        ("DocumentRef-a", False, None),
        ("DocumentRef-a:MIT", False, None),
        ("", False, None),
        ("MIT " * 200, False, None),
    ],
)
def test_the_standard_and_a_person_read_a_licence(
    written: str, is_valid: bool, canonical: str | None
) -> None:
    assert (is_licence_expression(written), canonical_licence(written)) == (is_valid, canonical)


@given(
    st.lists(
        st.sampled_from(
            ["MIT", "EUPL-1.2", "OR", "AND", "WITH", "(", ")", "+", " ", ":", "x", "Bison-exception-2.2"]
        )
    )
)
@settings(deadline=None)
def test_any_row_of_words_gets_an_answer(words: list[str]) -> None:
    text = " ".join(words)
    canonical = canonical_licence(text)
    assert canonical is None or is_licence_expression(canonical)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_gets_an_answer(text: str) -> None:
    canonical = canonical_licence(text)
    assert canonical is None or is_licence_expression(canonical)
