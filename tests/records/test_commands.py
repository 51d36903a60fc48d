from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from allmende.journal.queries import search
from allmende.lib.actors import Actor
from allmende.lib.refusals import Refused
from allmende.lib.signing import KeyFolder, Signer, fingerprint_of
from allmende.records import keys, signatures
from allmende.records.actions import renew_key


@pytest.fixture
def record(signer: Signer, tmp_path: Path) -> Path:
    file = tmp_path / "akte.json"
    file.write_bytes(b'{"a":1}')
    Path(f"{file}.sig").write_text(signatures.sign(file.read_bytes(), signer).text())
    return file


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    call_command("verify_record", *words)
    return capsys.readouterr().out


def test_a_record_with_its_signature_beside_it_is_proven(
    record: Path, signer: Signer, capsys: pytest.CaptureFixture[str]
) -> None:
    digest = "015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862"
    assert told(capsys, str(record)) == (
        f"SHA-256 der Datei: {digest}\n"
        f"Schlüssel: {signer.name}, {fingerprint_of(signer.public)}\nUnverändert.\n"
    )


def test_another_installation_proves_it_with_the_public_key(
    record: Path,
    signer: Signer,
    tmp_path: Path,
    settings: pytest.FixtureRequest,
    capsys: pytest.CaptureFixture[str],
) -> None:
    published = tmp_path / "key.pem"
    published.write_text(keys.published()[0].pem)
    settings.RECORD_KEYS_DIR = tmp_path / "elsewhere"
    with pytest.raises(CommandError, match="Nicht bewiesen"):
        told(capsys, str(record))
    assert f"Der Schlüssel {signer.name} ist nicht unter denen" in capsys.readouterr().out
    assert told(capsys, str(record), "--key", str(published)).endswith("Unverändert.\n")
    assert told(capsys, str(record), "--keys", str(tmp_path)).endswith("Unverändert.\n")


def test_a_changed_record_is_told(record: Path, capsys: pytest.CaptureFixture[str]) -> None:
    record.write_bytes(b'{"a":2}')
    with pytest.raises(CommandError, match="Nicht bewiesen"):
        told(capsys, str(record))
    assert "- Die Datei ist nicht die, die unterschrieben wurde" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nirgends.json"], "nirgends.json lässt sich nicht lesen"),
        (["{record}", "--key", "{record}"], "enthält keinen öffentlichen Schlüssel"),
        (["{record}", "--keys", "/nirgends"], "/nirgends lässt sich nicht lesen"),
        (["{record}", "--signature", "nirgends.sig"], "nirgends.sig lässt sich nicht lesen"),
    ],
)
def test_what_cannot_be_read_is_told(record: Path, words: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence):
        call_command("verify_record", *[word.format(record=record) for word in words])


@pytest.mark.django_db
class TestRenewing:
    def test_the_journal_names_both_keys(self, signer: Signer, capsys: pytest.CaptureFixture[str]) -> None:
        call_command("rotate_record_key")
        new = keys.signer(now=datetime.now().astimezone())
        entry = search(kind="records.").get()
        assert (entry.subject_type, entry.subject_id) == ("record_key", new.name)
        assert entry.data == {"before": signer.name, "public": new.public}
        assert f"Ab jetzt unterschreibt der Schlüssel {new.name}.\n" in capsys.readouterr().out

    def test_no_person_can_do_it_through_a_page(self, now: datetime) -> None:
        with pytest.raises(Refused):
            renew_key(by=Actor("person", "p", frozenset({("operator_admin", None)})), now=now)
        assert KeyFolder(keys.folder().path).known() == {}
