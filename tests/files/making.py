"""Files for tests: proper ones of every type, and those made to hurt."""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def picture(size=(40, 30), kind="PNG", colour=(200, 30, 30), mode="RGB", **more):
    out = BytesIO()
    Image.new(mode, size, colour if mode == "RGB" else None).save(out, kind, **more)
    return out.getvalue()


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_that_claims(width, height):
    """A picture with a header of any size and next to nothing behind it."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(3 * 100))) + chunk(b"IEND", b"")


def pdf(inside=b"", behind=b""):
    return b"%PDF-1.7\n" + inside + b"\n1 0 obj<</Type/Catalog>>endobj\ntrailer<<>>\n%%EOF\n" + behind


def archive(parts: Mapping[str, str | bytes], *, method=zipfile.ZIP_DEFLATED, comment=b""):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", method) as packed:
        for name, data in parts.items():
            plain = name == "mimetype"
            packed.writestr(name, data, zipfile.ZIP_STORED if plain else method)
        packed.comment = comment
    return out.getvalue()


def office(kind="docx", **more: str | bytes):
    """A document of Microsoft's family: the parts that make it one, and more."""
    main, sort = {
        "docx": ("word/document.xml", "wordprocessingml.document"),
        "xlsx": ("xl/workbook.xml", "spreadsheetml.sheet"),
        "pptx": ("ppt/presentation.xml", "presentationml.presentation"),
    }[kind]
    listed = f"application/vnd.openxmlformats-officedocument.{sort}.main+xml"
    parts = {
        "[Content_Types].xml": types(listed),
        "_rels/.rels": relations(f'<Relationship Id="1" Type="{RELATIONS}/officeDocument" Target="{main}"/>'),
        main: "<main/>",
    }
    return archive({**parts, **more})


def types(*listed):
    each = "".join(f'<Override PartName="/part{at}" ContentType="{one}"/>' for at, one in enumerate(listed))
    return f'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">{each}</Types>'


def relations(inside):
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{inside}'
        "</Relationships>"
    )


MANIFEST = '<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</m:manifest>'


def open_document(kind="text", manifest="", **more: str | bytes):
    parts = {
        "mimetype": f"application/vnd.oasis.opendocument.{kind}",
        "content.xml": "<content/>",
        "META-INF/manifest.xml": MANIFEST.format(manifest),
    }
    return archive({**parts, **more})
