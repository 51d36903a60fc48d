from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from allmende.files import pictures
from allmende.files.limits import LARGEST_LOGO
from allmende.files.pictures import redrawn
from allmende.lib.refusals import Refused
from tests.files.making import chunk, picture, png_that_claims


def refusal(data: bytes) -> str:
    with pytest.raises(Refused) as refused:
        redrawn(data)
    return refused.value.message


def opened(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


@pytest.mark.parametrize(
    ("kind", "content_type", "ending", "written"),
    [
        ("PNG", "image/png", "png", "PNG"),
        ("JPEG", "image/jpeg", "jpg", "JPEG"),
        ("WEBP", "image/png", "png", "PNG"),
    ],
)
def test_three_formats_come_in_and_two_go_out(
    kind: str, content_type: str, ending: str, written: str
) -> None:
    drawn = redrawn(picture(kind=kind))
    assert (drawn.content_type, drawn.ending, drawn.width, drawn.height) == (content_type, ending, 40, 30)
    assert (opened(drawn.data).format, opened(drawn.data).size) == (written, (40, 30))


@pytest.mark.parametrize(
    ("size", "expected"),
    [((512, 512), (512, 512)), ((2000, 1000), (512, 256)), ((3, 1500), (1, 512)), ((1, 1), (1, 1))],
)
def test_a_large_picture_is_made_to_fit_and_a_small_one_stays(
    size: tuple[int, int], expected: tuple[int, int]
) -> None:
    drawn = redrawn(picture(size))
    assert (drawn.width, drawn.height) == expected


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_points_is_read(mode: str) -> None:
    assert redrawn(picture(mode=mode)).content_type == "image/png"


def test_a_see_through_logo_stays_see_through() -> None:
    out = BytesIO()
    Image.new("RGBA", (10, 10), (255, 0, 0, 0)).save(out, "PNG")
    assert opened(redrawn(out.getvalue()).data).getpixel((5, 5)) == (255, 0, 0, 0)


def test_where_a_photo_was_taken_and_by_whom_is_left_behind() -> None:
    exif = Image.Exif()
    exif[0x010E], exif[0x013B] = "GEHEIM-Ort", "GEHEIM-Person"
    data = picture(kind="JPEG", exif=exif, comment=b"GEHEIM-Kommentar", icc_profile=b"GEHEIM-Profil")
    assert data.count(b"GEHEIM") == 4
    drawn = redrawn(data)
    assert drawn.data.count(b"GEHEIM") == 0
    assert sorted(opened(drawn.data).info) == ["jfif", "jfif_density", "jfif_unit", "jfif_version"]


def test_words_and_whatever_hangs_behind_a_drawing_are_left_behind() -> None:
    words = PngImagePlugin.PngInfo()
    words.add_text("Author", "GEHEIM")
    words.add_itxt("XML:com.adobe.xmp", "<x>GEHEIM</x>")
    data = picture(pnginfo=words) + b"<script>alert('GEHEIM')</script>"
    drawn = redrawn(data)
    assert (drawn.data.count(b"GEHEIM"), opened(drawn.data).info) == (0, {})


def test_a_photo_that_lay_on_its_side_is_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    assert redrawn(picture((40, 30), kind="JPEG", exif=exif)).height == 40


def test_of_a_moving_picture_the_first_stands() -> None:
    out = BytesIO()
    frames = [Image.new("RGB", (9, 9), colour) for colour in ("red", "green", "blue")]
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    drawn = opened(redrawn(out.getvalue()).data)
    assert (getattr(drawn, "n_frames", 1), drawn.convert("RGB").getpixel((4, 4))) == (1, (255, 0, 0))


SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    "data",
    [
        SVG.encode(),
        f'\ufeff<?xml version="1.0"?>\n<!-- Logo -->{SVG}'.encode(),
        SVG.replace("svg", "SVG").encode(),
        SVG.encode("utf-16"),
        b'<s:svg xmlns:s="http://www.w3.org/2000/svg"/>',
    ],
    ids=["plain", "with a beginning", "in capitals", "in another encoding", "with a prefix"],
)
def test_a_drawing_that_can_hold_programs_is_refused_with_the_way_out(data: bytes) -> None:
    assert refusal(data) == pictures.IS_SVG


@pytest.mark.parametrize("kind", ["GIF", "BMP", "TIFF", "ICO", "PPM", "EPS"])
def test_what_is_not_on_the_list_is_not_opened(kind: str) -> None:
    assert refusal(picture(kind=kind)) == pictures.UNREADABLE


def test_a_gif_of_many_large_frames_is_not_even_looked_at() -> None:
    header = b"GIF89a" + (65_000).to_bytes(2, "little") * 2 + b"\x80\x00\x00\xff\xff\xff\x00\x00\x00"
    frame = b"\x2c\x00\x00\x00\x00" + (65_000).to_bytes(2, "little") * 2 + b"\x00\x02\x02\x44\x01\x00"
    assert refusal(header + frame * 1000 + b"\x3b") == pictures.UNREADABLE


@pytest.mark.parametrize(
    "data",
    [b"MZ\x90\x00", b"<html>", b"%PDF-1.7", b"\x00", b"PNG"],
    ids=["exe", "html", "pdf", "zero", "name"],
)
def test_what_is_no_picture_is_refused(data: bytes) -> None:
    assert refusal(data) == pictures.UNREADABLE


@pytest.mark.parametrize("size", [(30_000, 30_000), (5001, 5000), (2_000_000, 200), (2**31 - 1, 2**31 - 1)])
def test_a_small_file_that_unpacks_to_a_huge_picture_is_refused_before_it_is_unpacked(
    size: tuple[int, int],
) -> None:
    assert refusal(png_that_claims(*size)) == pictures.TOO_MANY_POINTS


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_picture_that_breaks_off_is_refused(kind: str) -> None:
    whole = picture((300, 300), kind=kind)
    assert refusal(whole[: len(whole) * 2 // 3]) == pictures.BROKEN


def test_a_picture_with_a_false_checksum_is_refused() -> None:
    whole = picture()
    at = whole.index(b"IDAT") + 8
    assert refusal(whole[:at] + bytes([whole[at] ^ 255]) + whole[at + 1 :]) == pictures.BROKEN


def test_words_that_unpack_to_too_much_are_refused() -> None:
    import zlib

    whole = picture()
    bomb = chunk(b"zTXt", b"a\x00\x00" + zlib.compress(bytes(50_000_000)))
    at = whole.index(b"IDAT") - 4
    assert refusal(whole[:at] + bomb + whole[at:]) in (pictures.BROKEN, pictures.UNREADABLE)


def test_nothing_and_too_much_are_refused() -> None:
    assert refusal(b"") == pictures.EMPTY
    assert refusal(picture() + bytes(LARGEST_LOGO)) == pictures.TOO_LARGE


@given(st.binary(min_size=1, max_size=200), st.integers(0, 400))
def test_whatever_is_overwritten_in_a_picture_it_is_drawn_or_refused(noise: bytes, at: int) -> None:
    for kind in ("PNG", "JPEG", "WEBP"):
        whole = picture(kind=kind)
        at = min(at, len(whole))
        try:
            drawn = redrawn(whole[:at] + noise + whole[at + len(noise) :])
        except Refused:
            continue
        assert opened(drawn.data).size == (drawn.width, drawn.height)
