"""What comes in by a form: how large a body may be, and the field that takes a file."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.http import HttpRequest

# Above what any form takes, so that whoever errs by little reads a sentence at the field.
LARGEST_BODY = 25_000_000
# As often as an account or an address of the network may hand in files.
PER_ADDRESS, PER_ACCOUNT = "120/h", "40/h"


class BoundedBody(FileUploadHandler):
    """Reads nothing itself; refuses a body by the length it claims, which the server holds it to."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: dict[str, str],  # noqa: N803  # as Django calls it
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > LARGEST_BODY:
            raise RequestDataTooBig(f"{content_length} bytes in one request")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None


class UploadField(forms.FileField):
    """A file of whatever name and type; what is in it, the action looks at. `accept` helps people to choose."""

    def __init__(self, *, accept: str, **more: Any) -> None:
        # An empty one gets its sentence from the action, as every other that is not what it should be.
        super().__init__(widget=forms.FileInput(attrs={"accept": accept}), allow_empty_file=True, **more)


def sent_in(request: HttpRequest) -> dict[str, Any]:
    """What a form with a file is made of: `DocumentForm(**sent_in(request))`. Of a page only looked at: nothing, since
    even an empty set of files would make the form look filled in."""
    return {"data": request.POST, "files": request.FILES} if request.method == "POST" else {}


def bytes_of(file: UploadedFile[Any], *, most: int) -> bytes:
    """What was sent, or one byte more than may be: enough to be refused, never all of something huge."""
    data: bytes = file.read(most + 1)
    return data
