"""Programs beside ours are asked, and what they say is told in German, with what to do."""

import smtplib
import ssl
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from allmende.lib.actors import Actor
from allmende.operations import neighbours
from allmende.operations.queries import conditions
from allmende.operations.queries import neighbours as ask_all
from allmende.web.pages.actions import ensure_pages
from allmende.web.pages.models import LegalPage
from tests.files.clamd import running
from tests.mail.office.receiver import open_office

NOBODY = "127.0.0.1:9"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


class TestTheScanner:
    def test_where_none_is_set_up_nobody_is_asked(self, now: datetime, settings: Any) -> None:
        settings.CLAMD = ""
        assert neighbours.scanner(now) is None

    def test_one_that_answers_with_new_patterns_is_in_order(self, now: datetime, settings: Any) -> None:
        with running() as clamd:
            settings.CLAMD = clamd.address
            clamd.version = b"ClamAV 1.4.2/27500/Mon Nov 16 09:40:00 2026"
            assert neighbours.scanner(now) is None
            clamd.version = b"ClamAV 1.4.2"
            assert neighbours.scanner(now) is None

    def test_old_patterns_find_nothing_new(self, now: datetime, settings: Any) -> None:
        with running() as clamd:
            settings.CLAMD = clamd.address
            clamd.version = b"ClamAV 1.4.2/27500/Sun Nov  1 09:40:00 2026"
            said = neighbours.scanner(now)
        assert said == (
            "Die Muster des Virenscanners sind vom 01.11.2026: Neuere Schädlinge findet er nicht.",
            "Läuft freshclam, und kommt es ins Netz?",
        )

    @pytest.mark.parametrize("address", [NOBODY, "/nirgends/clamd.sock"])
    def test_one_that_is_away_is_missed(self, now: datetime, settings: Any, address: str) -> None:
        settings.CLAMD = address
        problem, mend = neighbours.scanner(now) or ("", "")
        assert problem.startswith(
            f"Der Virenscanner antwortet nicht unter „{address}“. Neue Unterlagen warten"
        )
        assert mend.startswith("Läuft clamd, und stimmt ALLMENDE_CLAMD?")

    @pytest.mark.parametrize(
        ("version", "made"),
        [
            ("ClamAV 1.4.2/27500/Mon Jan  6 09:40:00 2025", datetime(2025, 1, 6, 9, 40, tzinfo=UTC)),
            (
                "ClamAV 0.103.11/27154/Mon Dec 31 23:59:59 2024",
                datetime(2024, 12, 31, 23, 59, 59, tzinfo=UTC),
            ),
            ("ClamAV 1.4.2/27500/Mon Jan 66 09:40:00 2025", None),
            ("ClamAV 1.4.2/27500/Mon Xyz  6 09:40:00 2025", None),
            ("ClamAV 1.4.2", None),
            ("", None),
        ],
    )
    def test_the_day_of_the_patterns_is_read(self, version: str, made: datetime | None) -> None:
        assert neighbours.patterns_made(version) == made

    @given(st.text(max_size=60).map(lambda tail: f"ClamAV 1/1/Mon {tail}"))
    def test_whatever_it_says_breaks_nothing(self, version: str) -> None:
        assert neighbours.patterns_made(version) is None or "ClamAV" in version


class TestTheMailServer:
    @pytest.fixture(autouse=True)
    def _by_smtp(self, settings: Any) -> None:
        settings.EMAIL_BACKEND = SMTP
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""

    def test_one_that_answers_is_in_order_and_gets_no_letter(self, now: datetime, settings: Any) -> None:
        with open_office() as (post, port):
            settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", port
            assert neighbours.mail_server(now) is None
        assert post.received == []

    def test_one_that_is_away_is_missed(self, now: datetime, settings: Any) -> None:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        assert neighbours.mail_server(now) == (
            "Der Mailserver „127.0.0.1“, Port 9 antwortet nicht.",
            "Prüfen Sie ALLMENDE_SMTP_HOST, ALLMENDE_SMTP_PORT und ALLMENDE_SMTP_TLS, und ob eine Firewall "
            "dazwischensteht.",
        )

    def test_one_without_encryption_is_named(self, now: datetime, settings: Any) -> None:
        with open_office() as (_post, port):
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", port, True
            problem, mend = neighbours.mail_server(now) or ("", "")
        assert problem == f"Der Mailserver „127.0.0.1“, Port {port} kann kein STARTTLS oder keine Anmeldung."
        assert mend == "Prüfen Sie ALLMENDE_SMTP_TLS: Auf Port 465 gehört „tls“."

    @pytest.mark.parametrize(
        ("trouble", "said"),
        [
            (smtplib.SMTPAuthenticationError(535, b"no"), "nimmt Namen und Passwort nicht an."),
            (ssl.SSLCertVerificationError(), "bürgt niemand."),
            (smtplib.SMTPServerDisconnected(), "antwortet nicht."),
            (TimeoutError(), "antwortet nicht."),
        ],
    )
    def test_each_trouble_has_its_sentence(
        self, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch, trouble: Exception, said: str
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            raise trouble

        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
        monkeypatch.setattr("django.core.mail.backends.smtp.EmailBackend.open", fail)
        problem, mend = neighbours.mail_server(now) or ("", "")
        assert problem.endswith(said)
        assert mend.startswith(("Prüfen Sie ALLMENDE_SMTP_", "Trägt ALLMENDE_SMTP_HOST den Namen"))

    def test_where_none_is_named_nobody_is_asked(self, now: datetime, settings: Any) -> None:
        settings.EMAIL_HOST = ""
        assert neighbours.mail_server(now) is None


class TestTheClock:
    @pytest.mark.parametrize(
        ("off", "said"),
        [
            (0, None), (20, None), (-20, None),
            (22, "Die Uhren dieses Rechners und der Datenbank gehen 21 Sekunden auseinander."),
            (-22, "Die Uhren dieses Rechners und der Datenbank gehen 22 Sekunden auseinander."),
        ],
    )  # fmt: skip
    def test_what_is_apart_is_said(self, now: datetime, off: int, said: str | None) -> None:
        """The question took a second."""
        found = neighbours.apart(now + timedelta(seconds=off), now, now + timedelta(seconds=1))
        assert (found[0] if found else None) == said

    @pytest.mark.django_db
    def test_here_they_agree(self, now: datetime) -> None:
        assert neighbours.clock(now) is None


@pytest.mark.django_db
class TestTheFixedPages:
    @pytest.fixture(autouse=True)
    def _a_real_site(self, settings: Any) -> None:
        settings.DEMO = False

    def said(self, now: datetime) -> str:
        return next(each.problem for each in conditions(now=now) if each.code == "texts")

    def test_missing_ones_are_named(self, now: datetime) -> None:
        assert self.said(now).startswith("Diese Seiten fehlen: Impressum, Datenschutzerklärung,")

    def test_what_only_the_operator_knows_is_asked_for_page_by_page(self, now: datetime) -> None:
        ensure_pages(by=Actor.program("test"), now=now)
        assert self.said(now) == (
            "Auf diesen Seiten fehlt noch, was nur Sie wissen: Datenschutzerklärung, "
            "Erklärung zur Barrierefreiheit, Impressum, Über Allmende."
        )
        LegalPage.objects.exclude(slug="impressum").update(body="<p>Geschrieben.</p>", contact="")
        assert self.said(now) == "Auf diesen Seiten fehlt noch, was nur Sie wissen: Impressum."
        LegalPage.objects.filter(slug="impressum").update(body="<p>Stadt Ahornstadt</p>")
        assert self.said(now).endswith("Impressum.")  # its contact is open still
        LegalPage.objects.filter(slug="impressum").update(contact="")
        assert self.said(now) == ""

    def test_the_demo_may_leave_them_open(self, now: datetime, settings: Any) -> None:
        settings.DEMO = True
        assert self.said(now) == ""


@pytest.mark.django_db
def test_check_asks_all_of_them(settings: Any, tmp_path: Path) -> None:
    settings.DEMO, settings.SEARCH_INDEX_DIR = True, tmp_path
    settings.CLAMD, settings.EMAIL_BACKEND = NOBODY, SMTP
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    out = StringIO()
    call_command("check", stdout=out)
    assert "Warnung: Der Virenscanner antwortet nicht unter „127.0.0.1:9“." in out.getvalue()
    assert "Warnung: Der Mailserver „127.0.0.1“, Port 9 antwortet nicht.\n  → Prüfen Sie" in out.getvalue()


@pytest.mark.django_db
def test_no_page_waits_for_them(
    client: Client, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = [each.code for each in ask_all(now=now)]
    assert asked == ["scanner", "mail_server", "clock"]
    assert [each.code for each in conditions(now=now) if each.code in asked] == []
