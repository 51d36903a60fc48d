"""What people of the story have uploaded and reported: a drawn logo, a price list, a notice. All of it is invented."""

import io
from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from PIL import Image, ImageDraw

from allmende.accounts.models import User
from allmende.catalogue.actions import add_document
from allmende.catalogue.actions.documents import publish_documents
from allmende.catalogue.actions.notices import report
from allmende.catalogue.drafts import NoticeDraft
from allmende.catalogue.models import Notice, Offer, Solution
from allmende.demo.story import story
from allmende.files.actions import check_waiting
from allmende.files.models import StoredFile
from allmende.files.queries import has_scanner
from allmende.lib.actors import Actor
from allmende.organisations.actions import set_logo
from allmende.organisations.models import Organisation
from allmende.organisations.queries import actor_for

NARRATOR = Actor.program("demo")
GREEN, PALE = (28, 107, 74), (233, 244, 238)


def show(find: Callable[[str], Solution | None], now: datetime) -> None:
    """Tell it once: whoever has a file or a notice already gets no second one."""
    for row in story()["logos"]:
        _logo(row["by"], now)
    for row in story()["documents"]:
        _document(row, find(row["solution"]), now)
    for row in story()["notices"]:
        _notice(row, find(row["solution"]), now)


@transaction.atomic
def _logo(email: str, now: datetime) -> None:
    actor = actor_for(User.objects.get(email=email))
    organisation = Organisation.objects.get(public_id=next(place for _, place in actor.roles if place))
    if not StoredFile.objects.filter(kind="logo", owner=organisation.public_id).exists():
        set_logo(a_logo(), organisation=organisation, by=actor, now=now)


def _document(row: dict[str, str], solution: Solution | None, now: datetime) -> None:
    actor = actor_for(User.objects.get(email=row["by"]))
    own = {place for _, place in actor.roles if place}
    offers = Offer.objects.filter(solution=solution, state="published", supplier__public_id__in=own)
    offer = offers.order_by("pk").first()
    if offer is None or StoredFile.objects.filter(about_type="offer", about_id=offer.public_id).exists():
        return
    add_document(offer, a_page(row["lines"].splitlines()), row["name"], by=actor, now=now)
    # Where a scanner is set up, the worker asks it.
    if not has_scanner():
        check_waiting(clock=lambda: now)
        publish_documents([offer.public_id], by=NARRATOR, now=now)


@transaction.atomic
def _notice(row: dict[str, str], solution: Solution | None, now: datetime) -> None:
    if solution is None or Notice.objects.filter(subject_id=solution.public_id).exists():
        return
    draft = NoticeDraft(reason=row["reason"], what=row["what"], source=row["source"])
    report(draft, subject=solution, by=Actor.anonymous(), now=now)


def a_logo() -> bytes:
    """Three leaves in a square, as PNG."""
    picture = Image.new("RGB", (240, 240), PALE)
    pen = ImageDraw.Draw(picture)
    for box in ((40, 90, 120, 200), (120, 90, 200, 200), (80, 30, 160, 150)):
        pen.ellipse(box, fill=GREEN, outline=PALE, width=6)
    stored = io.BytesIO()
    picture.save(stored, "PNG")
    return stored.getvalue()


def a_page(lines: list[str]) -> bytes:
    """A PDF of one page with these lines of text."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    content = f"BT /F1 12 Tf 16 TL 60 780 Td\n{shown}ET".encode("cp1252", "replace")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, each in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, start)


def _escaped(line: str) -> str:
    return line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
