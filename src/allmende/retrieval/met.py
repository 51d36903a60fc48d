"""Which ids were met before, in little memory."""

_BITS = 1 << 27
"""16 MB, of which only what is needed is used; of a million new ids less than one in a hundred is taken for known."""


class Met:
    """One bit for each id: what is new may be taken for known, but nothing that was met is ever taken for new."""

    def __init__(self) -> None:
        self._bits = bytearray(_BITS // 8)

    def add(self, identity: str) -> bool:
        """Remember the id; whether it may have been met before."""
        place, bit = divmod(hash(identity) % _BITS, 8)
        was_met = bool(self._bits[place] >> bit & 1)
        self._bits[place] |= 1 << bit
        return was_met
