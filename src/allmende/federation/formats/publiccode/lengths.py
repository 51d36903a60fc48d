"""How long is a text for a reader? Counted in grapheme clusters, as the standard's lengths are meant."""

import unicodedata

_FIRST_EXTENDING = "\u0300"
"""No sign before it belongs to the sign in front of it, but for a line feed after a carriage return."""

_JOINER = "\u200d"
_HANGUL_VOWELS = range(0x1160, 0x1200)


def visible_length(text: str) -> int:
    """Letters with their accents, flags and joined emoji count once (UAX 29, without its rarest rules)."""
    if max(text, default="") < _FIRST_EXTENDING:
        return len(text) - text.count("\r\n")
    count = 0
    previous = ""
    flags = 0
    for sign in text:
        if is_flag_half(sign):
            flags += 1
            count += flags % 2 if not _continues(previous, sign) else 0
        else:
            flags = 0
            count += not _continues(previous, sign)
        previous = sign
    return count


def is_flag_half(sign: str) -> bool:
    """A regional indicator: two of them are one flag."""
    return "\U0001f1e6" <= sign <= "\U0001f1ff"


def _continues(previous: str, sign: str) -> bool:
    if not previous:
        return False
    if previous == "\r":
        return sign == "\n"
    if previous == _JOINER and unicodedata.category(sign) == "So":
        return True
    return _extends(sign) or ord(sign) in _HANGUL_VOWELS


def _extends(sign: str) -> bool:
    return (
        sign == _JOINER
        or unicodedata.category(sign) in ("Mn", "Me", "Mc")
        or "\U0001f3fb" <= sign <= "\U0001f3ff"
        or "\U000e0020" <= sign <= "\U000e007f"
    )
