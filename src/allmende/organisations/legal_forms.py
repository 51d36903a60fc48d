"""Legal forms as plain data, with the register that each is entered in; and what a register number looks like."""

import re
from dataclasses import dataclass

from allmende.lib.refusals import Refused


@dataclass(frozen=True)
class LegalForm:
    """`registers`: the parts of a register number that this form can have; empty means it is in no such register."""

    code: str
    label: str
    registers: tuple[str, ...] = ()


# Handelsregister A and B, Genossenschafts-, Vereins-, Partnerschafts- and Gesellschaftsregister.
LEGAL_FORMS: dict[str, LegalForm] = {
    form.code: form
    for form in (
        LegalForm("gmbh", "GmbH", ("HRB",)),
        LegalForm("ggmbh", "gGmbH", ("HRB",)),
        LegalForm("ug", "UG (haftungsbeschränkt)", ("HRB",)),
        LegalForm("ag", "AG", ("HRB",)),
        LegalForm("se", "SE", ("HRB",)),
        LegalForm("kgaa", "KGaA", ("HRB",)),
        LegalForm("gmbh_co_kg", "GmbH & Co. KG", ("HRA",)),
        LegalForm("kg", "KG", ("HRA",)),
        LegalForm("ohg", "OHG", ("HRA",)),
        LegalForm("ek", "eingetragene Kauffrau oder eingetragener Kaufmann (e. K.)", ("HRA",)),
        LegalForm("eg", "eingetragene Genossenschaft (eG)", ("GnR",)),
        LegalForm("ev", "eingetragener Verein (e. V.)", ("VR",)),
        LegalForm("partg", "Partnerschaftsgesellschaft", ("PR",)),
        LegalForm("egbr", "eingetragene GbR (eGbR)", ("GsR",)),
        LegalForm("gbr", "GbR"),
        LegalForm("sole", "Einzelunternehmen oder freier Beruf"),
        LegalForm("aoer", "Anstalt des öffentlichen Rechts"),
        LegalForm("koer", "Körperschaft des öffentlichen Rechts"),
        LegalForm("association", "Zweckverband"),
        LegalForm("own_operation", "Eigenbetrieb oder Regiebetrieb"),
        LegalForm("authority", "Behörde oder Ministerium"),
        LegalForm("foundation", "Stiftung"),
        LegalForm("other", "andere Rechtsform"),
    )
}
_NUMBER = re.compile(r"(HRA|HRB|GNR|VR|PR|GSR)\s*(\d{1,7})\s*([A-Z]{0,3})")
_WRITTEN = {"GNR": "GnR", "GSR": "GsR"}
_LONGEST = 30


def register_number(text: str, form: LegalForm) -> str:
    """The number in one way of writing, such as `HRB 12345 B`; "" where the form is in no register.

    Checked is what it looks like, and that it is of the right register: whether it exists, a person looks up. `Refused`
    says what is wrong with an example.
    """
    if not form.registers:
        return ""
    example = f"Geben Sie die Registernummer ein, zum Beispiel {form.registers[0]} 12345."
    found = _NUMBER.fullmatch(" ".join(text[:_LONGEST].upper().split()))
    if found is None:
        raise Refused(example)
    register = _WRITTEN.get(found[1], found[1])
    if register not in form.registers:
        raise Refused(f"{form.label} steht nicht im Register {register}. {example}")
    return " ".join(part for part in (register, found[2].lstrip("0") or "0", found[3]) if part)
