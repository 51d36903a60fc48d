from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from allmende.lib.signing import (
    PRIVATE,
    KeyFolder,
    fingerprint_of,
    is_signed,
    name_of,
    pem_of,
    public_from,
)


@pytest.fixture
def folder(tmp_path: Path) -> KeyFolder:
    return KeyFolder(tmp_path / "keys")


def test_a_renewed_key_takes_the_place_of_the_old_one_which_stays_known(folder: KeyFolder) -> None:
    first = folder.signer()
    second = folder.renew()
    assert first.public != second.public
    assert folder.signer().public == second.public
    assert folder.known() == {first.name: first.public, second.name: second.public}
    assert sorted(file.name for file in folder.path.iterdir()) == sorted(
        [PRIVATE, f"{first.name}.pub", f"{second.name}.pub"]
    )


def test_a_key_that_never_signed_is_known_all_the_same_once_another_takes_its_place(
    folder: KeyFolder,
) -> None:
    folder.make()
    folder.renew()
    assert len(folder.known()) == 2


def test_what_the_old_key_signed_stays_provable(folder: KeyFolder) -> None:
    old = folder.signer()
    signature = old.sign(b"bytes")
    folder.renew()
    assert is_signed(b"bytes", signature, folder.known()[old.name])


def test_the_renewed_key_is_readable_by_its_owner_alone(folder: KeyFolder) -> None:
    folder.renew()
    assert (folder.path / PRIVATE).stat().st_mode & 0o777 == 0o600


def test_a_text_is_signed_as_utf_8(folder: KeyFolder) -> None:
    signer = folder.signer()
    assert signer.sign("Größe") == signer.sign("Größe".encode())
    assert is_signed("Größe", signer.sign("Größe"), signer.public)


def test_the_same_signature_in_capital_letters_is_none(folder: KeyFolder) -> None:
    signer = folder.signer()
    signature = next(each for n in range(9) if (each := signer.sign(str(n))) != each.upper())
    message = next(str(n) for n in range(9) if signer.sign(str(n)) == signature)
    assert is_signed(message, signature, signer.public)
    assert not is_signed(message, signature.upper(), signer.public)


@settings(max_examples=50)
@given(
    st.one_of(st.text(max_size=140), st.from_regex(r"[0-9a-f]{128}\n?", fullmatch=True)), st.text(max_size=70)
)
def test_anything_else_is_no_signature_and_no_key(signature: str, public: str) -> None:
    assert not is_signed(b"bytes", signature, public)


def test_a_public_key_reads_as_digits_and_as_pem(folder: KeyFolder) -> None:
    public = folder.signer().public
    assert public_from(f"{public}\n") == public
    assert public_from(pem_of(public)) == public
    assert pem_of(public).startswith("-----BEGIN PUBLIC KEY-----\n")


@pytest.mark.parametrize(
    "text", ["", "abc", "A" * 64, "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"]
)
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # the message is the library's
        public_from(text)


def test_a_fingerprint_comes_in_groups_that_one_can_read_out() -> None:
    public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # RFC 8032, 7.1, test 1
    assert fingerprint_of(public) == (
        "21fe 31df a154 a261 626b f854 046f d227 1b7b ed4b 6abe 45aa 5887 7ef4 7f97 21b9"
    )
    assert len(name_of(public)) == 16


def test_the_example_of_the_standard_is_signed() -> None:
    """RFC 8032, 7.1, test 2: one byte, 0x72."""
    public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
    signature = (
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
    )
    assert is_signed(b"\x72", signature, public)
    assert not is_signed(b"\x73", signature, public)
