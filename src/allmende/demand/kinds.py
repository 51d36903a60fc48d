"""What needs, answers to them and joint needs record in the journal. Contacts and words of people are not in it."""

KINDS = {
    "demand.need_begun": "Bedarf begonnen",
    "demand.need_published": "Bedarf veröffentlicht",
    "demand.need_changed": "Bedarf geändert",
    "demand.need_closed": "Bedarf abgeschlossen",
    "demand.need_withdrawn": "Bedarf zurückgezogen",
    "demand.response_sent": "auf einen Bedarf geantwortet",
    "demand.response_taken_back": "Antwort auf einen Bedarf zurückgenommen",
    "demand.response_noted": "Antwort auf einen Bedarf gemerkt",
    "demand.response_thanked": "Antwort auf einen Bedarf beantwortet",
    "demand.contact_given": "Kontakt zu einem Bedarf genannt",
}
