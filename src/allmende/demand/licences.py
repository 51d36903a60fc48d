"""Whether a licence lets one look into software, change it and pass it on.

Codes are those of SPDX; which of them are open is the list of the Open Source Initiative (as of 2026-11), with CC0
beside it. A code in neither list says nothing here.
"""

import re
from functools import lru_cache

_OPEN_CODES = """
    0BSD AAL AFL-3.0 AGPL-1.0 AGPL-3.0 APSL-2.0 Apache-1.1 Apache-2.0 Artistic-1.0 Artistic-2.0 BSD-1-Clause
    BSD-2-Clause BSD-2-Clause-Patent BSD-3-Clause BSD-3-Clause-LBNL BSL-1.0 BlueOak-1.0.0 CAL-1.0 CATOSL-1.1 CC0-1.0
    CDDL-1.0 CECILL-2.1 CERN-OHL-P-2.0 CERN-OHL-S-2.0 CERN-OHL-W-2.0 CNRI-Python CPAL-1.0 CPL-1.0 ECL-2.0 EFL-2.0
    EPL-1.0 EPL-2.0 EUDatagrid EUPL-1.1 EUPL-1.2 Fair GPL-2.0 GPL-3.0 HPND IPA IPL-1.0 ISC LGPL-2.0 LGPL-2.1 LGPL-3.0
    LPL-1.02 LPPL-1.3c LiLiQ-P-1.1 LiLiQ-R-1.1 LiLiQ-Rplus-1.1 MIT MIT-0 MPL-1.0 MPL-1.1 MPL-2.0 MS-PL MS-RL MirOS
    Motosoto MulanPSL-2.0 Multics NASA-1.3 NCSA NGPL NPOSL-3.0 NTP Naumen Nokia OFL-1.1 OGTSL OLDAP-2.8 OSET-PL-2.1
    OSL-3.0 PHP-3.01 PSF-2.0 PostgreSQL Python-2.0 QPL-1.0 RPL-1.5 RPSL-1.0 SISSL SPL-1.0 SimPL-2.0 Sleepycat UCL-1.0
    UPL-1.0 Unicode-3.0 Unlicense VSL-1.0 W3C Watcom-1.0 Xnet ZPL-2.1 Zlib
"""
_CLOSED_CODES = """
    BUSL-1.1 Elastic-2.0 SSPL-1.0 CC-BY-NC-4.0 CC-BY-NC-ND-4.0 CC-BY-NC-SA-4.0 CC-BY-ND-4.0
    PolyForm-Noncommercial-1.0.0 PolyForm-Small-Business-1.0.0 LicenseRef-proprietary
"""
_OPEN, _CLOSED = frozenset(_OPEN_CODES.split()), frozenset(_CLOSED_CODES.split())
_LATER = re.compile(r"(?:-only|-or-later|\+)$")
_PART = re.compile(r"\(|\)|[^\s()]+")


@lru_cache(maxsize=2_000)
def is_open(expression: str) -> bool | None:
    """Of an SPDX expression: of "OR" one open licence is enough, of "AND" all are needed. None: not known, also where
    the expression cannot be read."""
    parts = _PART.findall(expression)
    if not parts or len(parts) > 60:
        return None
    try:
        answer, rest = _either(parts)
    except (IndexError, ValueError):
        return None
    return None if rest else answer


def _either(parts: list[str]) -> tuple[bool | None, list[str]]:
    answer, parts = _both(parts)
    while parts and parts[0].upper() == "OR":
        other, parts = _both(parts[1:])
        answer = True if True in (answer, other) else None if None in (answer, other) else False
    return answer, parts


def _both(parts: list[str]) -> tuple[bool | None, list[str]]:
    answer, parts = _one(parts)
    while parts and parts[0].upper() == "AND":
        other, parts = _one(parts[1:])
        answer = False if False in (answer, other) else None if None in (answer, other) else True
    return answer, parts


def _one(parts: list[str]) -> tuple[bool | None, list[str]]:
    if parts[0] == "(":
        answer, parts = _either(parts[1:])
        if not parts or parts[0] != ")":
            raise ValueError("a bracket is not closed")
        return answer, parts[1:]
    code, parts = parts[0], parts[1:]
    if code.upper() in ("AND", "OR", "WITH", ")"):
        raise ValueError("a licence is missing")
    # An exception allows more than its licence, never less.
    if parts and parts[0].upper() == "WITH":
        parts = parts[2:]
    return _known(code), parts


def _known(code: str) -> bool | None:
    bare = _LATER.sub("", code)
    if bare in _OPEN or code in _OPEN:
        return True
    return False if bare in _CLOSED else None
