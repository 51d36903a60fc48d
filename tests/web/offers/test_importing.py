"""A publiccode.yml fills the form; what is wrong with it is shown with its line."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from allmende.catalogue.contents import read
from allmende.catalogue.models import WorkingCopy

GOOD = """publiccodeYmlVersion: "0.4"
name: Raumplan Muster
url: https://git.musterland.test/stadt/raumplan
platforms: [web]
developmentStatus: stable
softwareType: standalone/web
categories: [project-management]
description:
  de:
    shortDescription: Vereine fragen Räume an, und die Verwaltung gibt sie frei.
    features: [Kalender, Freigabe]
legal:
  license: EUPL-1.2
maintenance:
  type: internal
  contacts:
    - name: Erika Muster
      email: erika.muster@musterland.test
localisation:
  localisationReady: true
  availableLanguages: [de]
"""


def send(client, market, **data):
    return client.post("/angebote/einlesen", {"organisation": market.provider.public_id, **data})


@pytest.mark.parametrize("way", ["file", "text"])
def test_a_file_fills_the_form(company, market, way):
    data = {"file": SimpleUploadedFile("publiccode.yml", GOOD.encode())} if way == "file" else {"text": GOOD}
    page = send(company, market, **data).content.decode()
    copy = WorkingCopy.objects.get()
    assert f'href="/angebote/{copy.public_id}"' in page
    solution = read(copy.content).solution
    assert (solution.name, solution.licence, solution.platforms) == ("Raumplan Muster", "EUPL-1.2", ("web",))
    assert solution.texts[0].features == ("Kalender", "Freigabe")
    filled = company.get(f"/angebote/{copy.public_id}/seite/was").content.decode()
    assert "Vereine fragen Räume an" in filled


def test_persons_are_left_out_and_that_is_said(company, market):
    page = send(company, market, text=GOOD).content.decode()
    assert "Personen übernehmen wir nicht." in page
    assert "Erika" not in WorkingCopy.objects.get().content


def test_findings_have_their_line(company, market):
    page = send(
        company, market, text=GOOD.replace("developmentStatus: stable", "developmentStatus: fertig")
    ).content.decode()
    assert '<td data-label="Zeile" class="am-num">5</td>' in "".join(page.split("\n"))


def test_what_cannot_be_read_begins_nothing_and_says_why(company, market):
    page = send(company, market, text="name: [").content.decode()
    assert "Damit lässt sich das Formular nicht ausfüllen" in page
    assert WorkingCopy.objects.count() == 0


@pytest.mark.parametrize(
    ("line", "wrong", "field", "why"),
    [
        ("url: https://git.musterland.test/stadt/raumplan", "url: raumplan musterland", "repository_url",
         "Zeile 3: „url“ ist keine Adresse: „raumplan musterland“"),
        ("developmentStatus: stable", "landingURL: htp:/kaputt", "website_url",
         "Zeile 5: „landingURL“ ist keine Webadresse: „htp:/kaputt“"),
        ("legal:", "landingURL: https://example.com/\nlegal:", "website_url", "ist eine Beispieladresse"),
    ],
)  # fmt: skip
def test_one_wrong_address_costs_nothing_else(company, market, line, wrong, field, why):
    page = send(company, market, text=GOOD.replace(line, wrong)).content.decode()
    copy = WorkingCopy.objects.get()
    assert f'href="/angebote/{copy.public_id}"' in page
    solution = read(copy.content).solution
    assert (solution.name, solution.licence, getattr(solution, field)) == (
        "Raumplan Muster",
        "EUPL-1.2",
        None,
    )
    at = f"/angebote/{copy.public_id}/seite/nachweise"
    hint = re.search(rf'id="id_{field}-hint">([^<]*)<', company.get(at).content.decode()).group(1)
    assert "Aus Ihrer Datei nicht übernommen" in hint
    assert why in hint
    # Once something stands in the field, the finding has done its work.
    sent = {"repository_url": "https://git.musterland.test/neu", "website_url": "www.musterland.test"}
    company.post(at, {**sent, "lock_version": 0, "bleiben": "1"})
    assert "Aus Ihrer Datei nicht übernommen" not in company.get(at).content.decode()


def test_a_name_from_the_template_is_left_open(company, market):
    send(company, market, text=GOOD.replace("name: Raumplan Muster", "name: TODO"))
    copy = WorkingCopy.objects.get()
    page = company.get(f"/angebote/{copy.public_id}/seite/was").content.decode()
    assert read(copy.content).solution.name == ""
    assert "Aus Ihrer Datei nicht übernommen, Zeile 2: Der Name „TODO“ ist ein Platzhalter" in page


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({}, "Wählen Sie eine Datei aus, oder fügen Sie ihren Inhalt ein."),
        ({"file": SimpleUploadedFile("gross.yml", b"x" * 500_001)}, "größer als 500 Kilobyte"),
        ({"text": "x" * 500_001}, "500000"),
    ],
)
def test_nothing_and_too_much_are_refused(company, market, data, sentence):
    page = send(company, market, **data).content.decode()
    assert sentence in page.replace(".000", "000")
    assert WorkingCopy.objects.count() == 0


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"\x00" * 50, b"a: &a [*a]", b"%PDF-1.7", "Ü".encode("latin-1")]
)
def test_any_bytes_are_answered(company, market, content):
    answer = send(company, market, file=SimpleUploadedFile("publiccode.yml", content))
    assert answer.status_code == 200


def test_nobody_reads_a_file_in_for_another_organisation(competitor, market):
    page = send(competitor, market, text=GOOD).content.decode()
    assert "eine der Antworten" in page
    assert WorkingCopy.objects.count() == 0


def test_after_a_file_open_is_only_what_is_needed(company, market):
    page = send(company, market, text=GOOD).content.decode()
    assert "Das Formular ist begonnen" in page
    overview = company.get(f"/angebote/{WorkingCopy.objects.get().public_id}").content.decode()
    tasks = re.search(r'<ol class="am-tasks">.*?</ol>', overview, re.DOTALL).group()
    lines = re.findall(r"<li><span>(?:<a[^>]*>)?([^<]+)(.*?)</li>", tasks, re.DOTALL)
    assert [(label, re.findall(r">([^<>]+)</span>", rest)[-1]) for label, rest in lines] == [
        ("Was ist es?", "kann noch dazu"),
        ("Wofür ist es?", "fertig"),
        ("Was bieten Sie an?", "offen"),
        ("Was kostet es?", "offen"),
        ("Was braucht man dazu?", "kann noch dazu"),
        ("Wo steht mehr darüber?", "fertig"),
        ("Wer beantwortet Fragen?", "offen"),
        ("Was noch veröffentlicht wird", "zum Ansehen"),
        ("Nachweise und Unterlagen", "kann noch dazu"),
        ("Prüfen und einreichen", "gesperrt"),
    ]
