"""Order of German words: DIN 5007-1, the order of dictionaries and of the telephone book's place names."""

import unicodedata

# Letters that Unicode does not take apart into a base letter and a mark.
_WHOLE = str.maketrans({"ß": "ss", "ẞ": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ı": "i"})


def din5007_key(text: str) -> tuple[str, str]:
    """Sort key after DIN 5007-1: ä like a, ö like o, ü like u, ß like ss, capitals like small letters.

    Signs other than letters and digits count as one space. Where two texts are equal that way, the one
    without marks comes first, so that the order does not depend on the order of arrival.
    """
    folded = text.casefold().translate(_WHOLE)
    bare = "".join(
        letter for letter in unicodedata.normalize("NFKD", folded) if not unicodedata.combining(letter)
    )
    words = "".join(letter if letter.isalnum() else " " for letter in bare)
    return " ".join(words.split()), unicodedata.normalize("NFC", text)


def folded(text: str) -> str:
    """Form in which two spellings of one name are equal: "Mängel-Melder" and "Maengelmelder"."""
    spelled = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    plain = unicodedata.normalize("NFKD", spelled)
    return "".join(letter for letter in plain if letter.isalnum())
