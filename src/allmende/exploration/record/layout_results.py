"""The pages of the record about what follows: comparison, involvement, deviations, files, history."""

from allmende.exploration.record.redaction import WITHHELD
from allmende.exploration.record.telling import BASES, NONE, VERDICTS, Content, Told, day, money
from allmende.records.blocks import Block, Heading, Paragraph, Table


def comparison(content: Content, told: Told) -> list[Block]:
    matrix = content["comparison"]
    rows = [
        (row["label"], told.candidates.get(cell["candidate"], cell["candidate"]), _cell(cell))
        for row in matrix["criteria"]
        for cell in row["cells"]
    ]
    spreads = [
        (
            each["label"],
            money(each["least"]),
            money(each["middle"]),
            money(each["most"]),
            f"{each['known']} bekannt, {each['unknown']} {NONE}",
            each["basis"],
        )
        for each in content["prices"]
    ]
    note = (
        "Was belegt ist, was Unternehmen von sich sagen und was die Kommune selbst einschätzt, steht getrennt. "
        "„Keine Angabe“ ist kein Nein."
    )
    found: list[Block] = [Heading("Vergleich und Preise"), Paragraph(note, "note")]
    if rows:
        found.append(
            Table(
                "Vergleich der kurzen Liste",
                ("Kriterium", "Eintrag", "Was dazu bekannt ist"),
                rows,
                (3, 3, 5),
            )
        )
    header = ("Was", "kleinster", "mittlerer", "größter", "Angaben", "Grundlage")
    return (
        [*found, Table("Spanne der Preise, netto", header, spreads, (2, 2, 2, 2, 2, 4))] if spreads else found
    )


def _cell(cell: Content) -> str:
    if not cell["said"]:
        return NONE
    return "\n".join(
        f"{BASES.get(each['basis'], each['basis'])}: "
        + (
            "vertraulich, ausgelassen"
            if each["text"] == WITHHELD
            else f"{VERDICTS[each['verdict']]}. {each['text']}"
        )
        + (" (vertraulich)" if each["is_confidential"] else "")
        for each in cell["said"]
    )


def involvements(content: Content) -> list[Block]:
    rows = [
        (each["company_name"], each["how"], each["knows"] or NONE, each["measures"])
        for each in content["involvements"]
    ]
    found: list[Block] = [Heading("Vorbefassung (§ 7 VgV, § 5 UVgO)")]
    if not rows:
        return [*found, Paragraph("Es ist keine Vorbefassung festgehalten.")]
    header = (
        "Unternehmen",
        "Wie es mitgewirkt hat",
        "Was es dabei erfahren hat",
        "Was den Vorsprung ausgleicht",
    )
    return [*found, Table("Wer an der Vorbereitung mitgewirkt hat", header, rows)]


def deviations(content: Content, told: Told) -> list[Block]:
    rows = [
        (day(each["at"]), told.person(each["by"]), each["what"], each["reason"])
        for each in content["deviations"]
    ]
    table: Block = (
        Table("Was anders war als geplant", ("am", "von", "Was", "Warum"), rows, (2, 2, 4, 4))
        if rows
        else Paragraph("Es ist keine Abweichung festgehalten.")
    )
    return [Heading("Abweichungen"), table]


def files(content: Content, told: Told) -> list[Block]:
    rows = [
        (each["name"], f"{each['size']} Bytes", each["digest"], day(each["at"]))
        for each in content["attachments"]
    ]
    table: Block = (
        Table("Anlagen", ("Datei", "Größe", "SHA-256", "am"), rows, (4, 2, 6, 2))
        if rows
        else Paragraph("Es gibt keine Anlagen.")
    )
    return [Heading("Anlagen"), table]


def history(content: Content, told: Told) -> list[Block]:
    rows = [
        (
            day(each["at"]),
            told.kind(each["kind"]),
            told.person(each["actor_id"]) if each["actor_kind"] == "person" else each["actor_id"],
            "\n".join(each["words"].values()),
        )
        for each in content["history"]
    ]
    return [
        Heading("Verlauf"),
        Table("Was wann geschah", ("am", "Was", "Wer", "In Worten"), rows, (3, 4, 3, 4)),
    ]
