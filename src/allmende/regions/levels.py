"""Levels of regions, what the register calls them, and the keys that tell them apart.

The codes 41–67 are the Textkennzeichen of Destatis' Gemeindeverzeichnis (description of the data set GV100AD).
"""

from collections.abc import Mapping

LAND = "land"
KREIS = "kreis"
KREISFREIE_STADT = "kreisfreie_stadt"
GEMEINDEVERBAND = "gemeindeverband"
GEMEINDE = "gemeinde"

LEVELS: Mapping[str, str] = {
    LAND: "Land",
    KREIS: "Kreis",
    KREISFREIE_STADT: "Kreisfreie Stadt",
    GEMEINDEVERBAND: "Gemeindeverband",
    GEMEINDE: "Gemeinde",
}

DESIGNATIONS: Mapping[str, str] = {
    "": "Land",
    "41": "Kreisfreie Stadt",
    "42": "Stadtkreis",
    "43": "Kreis",
    "44": "Landkreis",
    "45": "Regionalverband",
    "51": "Amt",
    "52": "Samtgemeinde",
    "53": "Verbandsgemeinde",
    "54": "Verwaltungsgemeinschaft",
    "55": "Kirchspielslandgemeinde",
    "56": "Verwaltungsverband",
    "57": "Verwaltungsgemeinschaft (Trägermodell)",
    "58": "Erfüllende Gemeinde",
    "60": "Markt",
    "61": "Kreisfreie Stadt",
    "62": "Stadtkreis",
    "63": "Stadt",
    "64": "Kreisangehörige Gemeinde",
    "67": "Große Kreisstadt",
}

KREISFREE_CODES = frozenset({"41", "42", "61", "62"})
# A Gemeinde that belongs to no Verband has a line of its own in the register, which tells nothing new.
WITHOUT_VERBAND_CODE = "50"
# Forests, lakes, a firing range: they have a key, but no council and no town hall.
UNINCORPORATED_CODES: Mapping[str, str] = {
    "65": "gemeindefreies Gebiet, bewohnt",
    "66": "gemeindefreies Gebiet, unbewohnt",
}

REAL_LAND_KEYS = frozenset(f"{number:02}" for number in range(1, 17))
# No Land has this number and none will: what is made up for the demo lives here and nowhere else.
INVENTED_LAND_KEY = "99"

LEVEL_BY_KEY_LENGTH: Mapping[int, str] = {2: LAND, 5: KREIS, 8: GEMEINDE, 9: GEMEINDEVERBAND}


def level_of(key: str, type_code: str) -> str:
    """The level that a key (2, 5, 8 or 9 digits) and its type code stand for; ValueError for any other length."""
    level = LEVEL_BY_KEY_LENGTH.get(len(key))
    if level is None:
        raise ValueError(f"no region has a key of {len(key)} digits")
    if level == KREIS and type_code in KREISFREE_CODES:
        return KREISFREIE_STADT
    return level


def key_from_ars(ars: str) -> str:
    """The key by which a region is known: the AGS of a Gemeinde (ARS of 12 digits), otherwise the ARS itself."""
    return ars[:5] + ars[9:] if len(ars) == 12 else ars


def is_invented_key(key: str) -> bool:
    return key.startswith(INVENTED_LAND_KEY)
