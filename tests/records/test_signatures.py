from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allmende.lib.canonical import canonical_json
from allmende.lib.signing import KeyFolder, Signer
from allmende.records import keys, signatures
from allmende.records.verification import verify

RECORD = canonical_json(
    {"schema_version": 1, "case": "k7m2p9", "title": "Mängel melden", "rows": [1, 2, None]}
).encode()
SAME_FOLDER = settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)


def changes(data: bytes) -> st.SearchStrategy[bytes]:
    """Every way to flip, drop or add one byte, anywhere."""
    at = st.integers(0, len(data) - 1)
    flipped = st.builds(
        lambda i, bit: data[:i] + bytes([data[i] ^ (1 << bit)]) + data[i + 1 :], at, st.integers(0, 7)
    )
    missing = st.builds(lambda i: data[:i] + data[i + 1 :], at)
    added = st.builds(lambda i, byte: data[:i] + byte + data[i:], at, st.binary(min_size=1, max_size=1))
    at_the_end = st.builds(lambda more: data + more, st.binary(min_size=1, max_size=3))
    cut = st.builds(lambda i: data[:i], at)
    return st.one_of(flipped, missing, added, at_the_end, cut)


def test_what_was_signed_is_proven_with_the_public_key_alone(signer: Signer) -> None:
    proof = signatures.sign(RECORD, signer).text().encode()
    verdict = verify(RECORD, proof, {signer.name: signer.public})
    assert (verdict.is_proven, verdict.key, verdict.faults) == (True, signer.name, ())
    assert verdict.record == verdict.digest == signatures.sign(RECORD, signer).digest


def test_the_signature_is_one_line_that_names_its_key(signer: Signer) -> None:
    made = signatures.sign(b"{}", signer)
    assert made.text() == (
        f'{{"algorithm":"Ed25519","digest":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a",'
        f'"key":"{signer.name}","signature":"{made.signature}"}}\n'
    )
    assert signatures.read(made.text().encode()) == made


@SAME_FOLDER
@given(st.data())
def test_any_flipped_missing_or_added_byte_of_the_record_is_told(signer: Signer, data: st.DataObject) -> None:
    proof = signatures.sign(RECORD, signer).text().encode()
    changed = data.draw(changes(RECORD).filter(lambda each: each != RECORD))
    verdict = verify(changed, proof, {signer.name: signer.public})
    assert not verdict.is_proven
    assert verdict.faults[0] == (
        "Die Datei ist nicht die, die unterschrieben wurde: Ihre Prüfsumme ist eine andere."
    )


@SAME_FOLDER
@given(st.data())
def test_any_flipped_missing_or_added_byte_of_the_signature_is_told(
    signer: Signer, data: st.DataObject
) -> None:
    proof = signatures.sign(RECORD, signer).text().encode()
    changed = data.draw(changes(proof).filter(lambda each: each != proof))
    assert not verify(RECORD, changed, {signer.name: signer.public}).is_proven


@settings(max_examples=100)
@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_anything_else_is_no_signature(data: bytes) -> None:
    with pytest.raises(ValueError):  # several kinds of wrong, one kind of error
        signatures.read(data)


def test_a_signature_with_more_in_it_or_written_otherwise_is_none(signer: Signer) -> None:
    text = signatures.sign(RECORD, signer).text()
    for other in (
        text.replace('{"', '{"a":1,"'),
        text.replace(":", ": "),
        text + "\n",
        text.strip(),
        text.replace("Ed25519", "none"),
        "[" + text + "]",
        "null",
    ):
        with pytest.raises(ValueError):  # several kinds of wrong, one kind of error
            signatures.read(other.encode())


def test_a_record_that_is_not_canonical_is_told_even_if_signed(signer: Signer) -> None:
    loose = b'{"schema_version": 1, "a": 2}'
    proof = signatures.sign(loose, signer).text().encode()
    assert verify(loose, proof, {signer.name: signer.public}).faults == (
        "Der Datensatz ist kein kanonisches JSON.",
    )


def test_without_the_right_key_nothing_is_proven(signer: Signer, tmp_path: Path) -> None:
    proof = signatures.sign(RECORD, signer).text().encode()
    stranger = KeyFolder(tmp_path / "other").signer()
    assert verify(RECORD, proof, {stranger.name: stranger.public}).faults == (
        f"Der Schlüssel {signer.name} ist nicht unter denen, denen Sie vertrauen.",
    )
    assert verify(RECORD, proof, {signer.name: stranger.public}).faults == (
        "Die Unterschrift passt nicht zur Datei: Sie ist verändert, oder jemand anderes hat unterschrieben.",
    )


def test_without_a_signature_nothing_is_proven(signer: Signer) -> None:
    verdict = verify(RECORD, None, keys.known_keys())
    assert verdict.faults == ("Zu dieser Datei gehört eine Unterschrift (.sig). Sie fehlt.",)
    assert verify(RECORD, b"", keys.known_keys()).faults == (
        "Die Unterschrift ist keine, oder sie ist verändert.",
    )


def test_after_a_change_of_keys_both_are_published_and_both_prove(signer: Signer, now: datetime) -> None:
    before = signatures.sign(RECORD, signer).text().encode()
    later = now + timedelta(days=400)
    old, new = keys.renew(now=later)
    after = signatures.sign(RECORD, new).text().encode()
    assert old == signer.name
    assert [verify(RECORD, proof, keys.known_keys()).is_proven for proof in (before, after)] == [True, True]
    assert [(key.name, key.since, key.until) for key in keys.published()] == [
        (new.name, later, None),
        (signer.name, now, later),
    ]


def test_a_key_whose_days_nobody_noted_is_published_without_them(signer: Signer) -> None:
    (keys.folder().path / f"{signer.name}.json").unlink()
    assert [(key.public, key.since, key.until) for key in keys.published()] == [(signer.public, None, None)]


class TestKeysFrom:
    def test_a_file_with_digits_or_pem_or_the_published_list(self, signer: Signer, tmp_path: Path) -> None:
        wanted = {signer.name: signer.public}
        for name, text in {
            "a.pub": signer.public + "\n",
            "a.pem": keys.published()[0].pem,
            "a.json": f'{{"keys":[{{"public":"{signer.public}"}}]}}',
        }.items():
            file = tmp_path / name
            file.write_text(text)
            assert keys.keys_from(file) == wanted

    def test_a_folder_with_the_private_key_gives_the_public_ones(self, signer: Signer, now: datetime) -> None:
        keys.renew(now=now)
        assert keys.keys_from(keys.folder().path) == keys.known_keys()

    @pytest.mark.parametrize("text", ["", "{}", '{"keys":[]}', '{"keys":["x"]}', '{"keys":3}', "[1]"])
    def test_what_holds_no_key_is_refused(self, tmp_path: Path, text: str) -> None:
        file = tmp_path / "x"
        file.write_text(text)
        with pytest.raises(ValueError):  # several kinds of wrong, one kind of error
            keys.keys_from(file)

    def test_an_empty_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="holds no public key"):
            keys.keys_from(tmp_path)
