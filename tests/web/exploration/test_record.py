"""Approving, what the record gives out, reading for an audit, and the published keys, as people meet them."""

import io
import json
import zipfile
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema
import pytest
from django.test import Client

from allmende.exploration.actions.auditing import give_access
from allmende.exploration.models import AuditAccess, FrozenRecord
from allmende.journal.queries import search
from allmende.records import keys
from allmende.records.verification import verify
from tests.exploration.hall import Hall
from tests.exploration.whole import SECRET, a_whole_case, approved, handed_in
from tests.factories.people import signed_in
from tests.support.laid import laid


@pytest.fixture(autouse=True)
def _own_keys(settings: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings.RECORD_KEYS_DIR = tmp_path / "record-keys"


@pytest.fixture
def whole(db: None, now: datetime) -> Hall:
    return laid(("whole case", now), lambda: handed_in(a_whole_case(now)))


def page(hall: Hall, rest: str = "") -> str:
    return f"/markterkundungen/{hall.case.public_id}{rest}"


class TestApproving:
    def test_who_approves_sees_what_will_be_frozen_and_does_it_after_reading(self, whole: Hall) -> None:
        client = signed_in(whole["approver"])
        text = client.get(page(whole, "/freigabe")).content.decode()
        assert '<h2 id="freigeben">Was eingefroren wird</h2>' in text
        assert "<dt>Anfragen ohne Antwort</dt><dd>1</dd>" in text
        sent = {"lock_version": whole.fresh().lock_version}
        unread = client.post(page(whole, "/freigabe/freigeben"), sent, follow=True).content.decode()
        assert ("Bestätigen Sie, dass Sie alles gelesen haben." in unread, whole.fresh().state) == (
            True,
            "submitted",
        )
        done = client.post(page(whole, "/freigabe/freigeben"), {**sent, "gelesen": "ja"}, follow=True)
        assert "Was darin steht, ändert sich nicht mehr." in done.content.decode()
        assert FrozenRecord.objects.get().approved_by == whole["approver"].public_id

    def test_what_is_done_gives_no_advice_once_nothing_changes_any_more(self, whole: Hall) -> None:
        advice = "Auf der kurzen Liste stehen weniger als drei Unternehmen."
        whole.case.candidates.filter(state="kept").exclude(company_name="Firma 1 GmbH").update(
            state="dropped"
        )
        approved(whole)
        text = signed_in(whole["lead"]).get(page(whole)).content.decode()
        assert (advice in text, "Der Fall ändert sich nicht mehr." in text) == (False, True)

    def test_who_leads_is_told_that_somebody_else_does_it(self, whole: Hall) -> None:
        client = signed_in(whole["lead"])
        text = client.get(page(whole, "/freigabe")).content.decode()
        assert ('kern-label">Freigeben und abschließen' in text, "nie, wer den Fall führt" in text) == (
            False,
            True,
        )
        sent = {"lock_version": whole.fresh().lock_version, "gelesen": "ja"}
        told = client.post(page(whole, "/freigabe/freigeben"), sent, follow=True).content.decode()
        assert ("nie, wer den Fall führt" in told, whole.fresh().state) == (True, "submitted")


class TestFiles:
    def get(self, hall: Hall, form: str, who: str = "lead", rest: str = "") -> bytes:
        answer = signed_in(hall[who]).get(page(hall, f"/dokumentation/{form}{rest}"))
        assert answer.status_code == 200
        return answer.content

    def test_a_draft_says_so_and_has_no_signature(self, whole: Hall) -> None:
        pdf = self.get(whole, "pdf")
        assert verify(pdf, None, keys.known_keys()).is_proven is False
        text = signed_in(whole["lead"]).get(page(whole, "/dokumentation/lesen")).content.decode()
        assert "Noch nicht freigegeben." in text
        told = signed_in(whole["lead"]).get(page(whole, "/dokumentation/json"), follow=True).content.decode()
        assert "Das gibt es erst, wenn die Markterkundung freigegeben ist." in told

    def test_json_with_its_signature_and_the_pdf_alone_are_proven(self, whole: Hall) -> None:
        record = approved(whole)
        data = self.get(whole, "json")
        assert data == record.content.encode()
        assert verify(data, self.get(whole, "sig"), keys.known_keys()).faults == ()
        verdict = verify(self.get(whole, "archiv"), None, keys.known_keys())
        assert (verdict.faults, verdict.record) == ((), record.digest)
        assert verify(self.get(whole, "pdf"), None, keys.known_keys()).is_proven

    def test_without_what_is_confidential_nothing_of_it_is_left(self, whole: Hall) -> None:
        record = approved(whole)
        made = json.loads(self.get(whole, "json", rest="?ohne=vertrauliches"))
        assert SECRET not in json.dumps(made, ensure_ascii=False)
        assert SECRET in record.content
        # The sixth is what the town wrote on prices, which may repeat the amount.
        assert made["redacted"] == {"of": record.digest, "left_out": 6}
        pdf = self.get(whole, "archiv", rest="?ohne=vertrauliches")
        assert verify(pdf, None, keys.known_keys()).faults == ()

    def test_the_zip_holds_all_and_every_file_is_proven(self, whole: Hall) -> None:
        approved(whole)
        archive = zipfile.ZipFile(io.BytesIO(self.get(whole, "zip")))
        names = archive.namelist()
        signed = [name for name in names if f"{name}.sig" in names]
        case = whole.case.public_id
        assert sorted(signed) == sorted(
            f"markterkundung-{case}.{ending}"
            for ending in (
                "archiv.pdf",
                "pdf",
                "docx",
                "ocds.json",
                "ratsvorlage.pdf",
                "ratsvorlage.docx",
                "json",
            )
        )
        for name in signed:
            assert verify(archive.read(name), archive.read(f"{name}.sig"), keys.known_keys()).faults == (), (
                name
            )
        assert [name for name in names if name.startswith("schluessel/")] == [
            f"schluessel/{keys.published()[0].name}.pem"
        ]

    def test_taking_it_along_is_noted(self, whole: Hall) -> None:
        approved(whole)
        self.get(whole, "docx", rest="?ohne=vertrauliches")
        entry = search(kind="exploration.record_exported").get()
        assert (entry.actor_id, entry.data) == (
            whole["lead"].public_id,
            {"form": "docx", "without_confidential": True},
        )

    def test_an_unknown_form_and_a_stranger_get_404(self, whole: Hall) -> None:
        assert signed_in(whole["lead"]).get(page(whole, "/dokumentation/exe")).status_code == 404
        for rest in ("/dokumentation", "/dokumentation/lesen", "/dokumentation/pdf", "/einsicht"):
            assert signed_in(whole["neighbour_buyer"]).get(page(whole, rest)).status_code == 404

    def test_the_record_keeps_to_its_published_schema(self, whole: Hall, client: Client) -> None:
        schema = client.get("/schema/markterkundung-1.json").json()
        checker = jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker())
        approved(whole)
        for rest in ("", "?ohne=vertrauliches"):
            assert [
                each.message for each in checker.iter_errors(json.loads(self.get(whole, "json", rest=rest)))
            ] == []
        assert client.get("/schema/anderes.json").status_code == 404

    def test_the_release_keeps_to_ocds_and_names_no_company_and_no_value(
        self, whole: Hall, shared_data: Path
    ) -> None:
        approved(whole)
        text = self.get(whole, "ocds").decode()
        package = json.loads(text)
        folder = shared_data / "ocds" / "schema"
        schema = json.loads((folder / "dereferenced-release-schema.json").read_text(encoding="utf-8"))
        checker = jsonschema.Draft4Validator(schema, format_checker=jsonschema.FormatChecker())
        assert [each.message for each in checker.iter_errors(package["releases"][0])] == []
        outer = json.loads((folder / "release-package-schema.json").read_text(encoding="utf-8"))
        outer["properties"]["releases"] = {"type": "array"}
        assert [each.message for each in jsonschema.Draft4Validator(outer).iter_errors(package)] == []
        assert ("Firma" in text, "5200" in text, package["releases"][0]["tag"]) == (
            False,
            False,
            ["planning"],
        )

    def test_the_note_for_the_council_is_one_page(self, whole: Hall) -> None:
        from allmende.records.typeset import pages_in

        whole.case.sheets.filter(step="auswertung").update(answers={"risks": "Lange Risiken. " * 900})
        whole.case.need.problem = "Langes Problem. " * 900
        whole.case.need.save()
        assert pages_in(self.get(whole, "ratsvorlage")) == 1


class TestAudit:
    def let_in(self, hall: Hall, email: str, *, until: datetime | None = None) -> AuditAccess:
        return give_access(
            hall.fresh(),
            email=email,
            body="Rechnungsprüfung des Kreises",
            purpose="Jahresprüfung",
            until=(until or hall.now + timedelta(days=30)).date(),
            by=hall.actor("lead"),
            now=hall.now,
        )

    @pytest.fixture(autouse=True)
    def _today(self, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
        """Views look at the clock; the cases of these tests are of a day in November."""
        from allmende.web.exploration.views import auditing

        class Clock(datetime):
            @classmethod
            def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
                return now

        monkeypatch.setattr(auditing, "datetime", Clock)
        from allmende.web.exploration.views import record

        monkeypatch.setattr(record, "datetime", Clock)

    def test_access_is_given_on_a_page_that_says_what_will_be_read(self, whole: Hall) -> None:
        client = signed_in(whole["lead"])
        assert (
            "auch, was Unternehmen als vertraulich gekennzeichnet haben"
            in client.get(page(whole, "/einsicht")).content.decode()
        )
        sent = {
            "email": whole["stranger"].email.upper(),
            "body": "Rechnungsprüfung",
            "purpose": "Jahresprüfung",
            "until": "24.12.2026",
        }
        assert client.post(page(whole, "/einsicht"), sent).status_code == 302
        auditor = signed_in(whole["stranger"])
        assert whole.case.title in auditor.get("/pruefung").content.decode()
        text = auditor.get(f"/pruefung/{whole.case.public_id}").content.decode()
        assert (SECRET in text, "Was wann geschah" in text) == (True, True)
        assert auditor.get(page(whole)).status_code == 404
        assert auditor.get(f"/pruefung/{whole.case.public_id}/dokumentation/pdf").status_code == 200

    def test_each_look_is_noted_once_a_page_and_day(self, whole: Hall) -> None:
        self.let_in(whole, whole["stranger"].email)
        auditor = signed_in(whole["stranger"])
        for _ in range(3):
            auditor.get(f"/pruefung/{whole.case.public_id}")
        auditor.get(f"/pruefung/{whole.case.public_id}/dokumentation/docx")
        looks = search(kind="exploration.audit_access_used")
        assert sorted(each.data["page"] for each in looks) == ["dokumentation-docx", "fall"]
        assert {each.actor_id for each in looks} == {whole["stranger"].public_id}

    def test_nobody_else_gets_in_and_nothing_is_noted(self, whole: Hall, client: Client) -> None:
        self.let_in(whole, "jemand@kreis.example")
        for name in ("stranger", "lead", "neighbour_buyer"):
            assert signed_in(whole[name]).get(f"/pruefung/{whole.case.public_id}").status_code == 404
        assert client.get(f"/pruefung/{whole.case.public_id}").status_code == 302
        assert search(kind="exploration.audit_access_used").count() == 0

    def test_ended_early_it_is_over_at_once(self, whole: Hall) -> None:
        access = self.let_in(whole, whole["stranger"].email)
        auditor = signed_in(whole["stranger"])
        assert auditor.get(f"/pruefung/{whole.case.public_id}").status_code == 200
        answer = signed_in(whole["buyer"]).post(
            page(whole, f"/einsicht/{access.public_id}/beenden"), follow=True
        )
        assert "Die Einsicht ist beendet." in answer.content.decode()
        assert auditor.get(f"/pruefung/{whole.case.public_id}").status_code == 404


class TestKeys:
    def test_every_key_ever_used_is_published_for_people_and_machines(
        self, db: None, client: Client, now: datetime
    ) -> None:
        assert "es gibt noch keinen Schlüssel" in client.get("/schluessel").content.decode()
        first = keys.signer(now=now)
        _, second = keys.renew(now=now + timedelta(days=1))
        text = client.get("/schluessel").content.decode()
        listed = client.get("/schluessel.json").json()["keys"]
        assert [key["public"] for key in listed] == [second.public, first.public]
        assert [key["until"] for key in listed] == [None, "2026-11-24T09:00:00+00:00"]
        assert all(key["fingerprint"] in text for key in listed)
        assert "PRIVATE" not in text + json.dumps(listed)

    def test_the_list_is_what_the_proof_reads(
        self, client: Client, db: None, now: datetime, tmp_path: Path
    ) -> None:
        keys.signer(now=now)
        file = tmp_path / "schluessel.json"
        file.write_bytes(client.get("/schluessel.json").content)
        assert keys.keys_from(file) == keys.known_keys()
