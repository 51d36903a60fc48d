"""What the search records in the journal. The index itself leaves no trace: it holds no truth of its own."""

KINDS = {
    "search.miss_settled": "Suche ohne Treffer erledigt",
    "search.miss_reopened": "Suche ohne Treffer wieder geöffnet",
}
