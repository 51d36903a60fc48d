"""What the search records in the journal. The index itself leaves no trace: it holds no truth of its own."""

KINDS = {
    "search.miss_settled": "Vergebliche Suche erledigt",
    "search.miss_reopened": "Vergebliche Suche wieder geöffnet",
}
