KINDS = {
    "vocabulary.loaded": "Begriffe eingelesen",
    "vocabulary.term_added": "Begriff ergänzt",
    "vocabulary.term_ended": "Begriff beendet",
    "vocabulary.word_added": "Suchwort ergänzt",
    "vocabulary.word_removed": "Suchwort entfernt",
}
