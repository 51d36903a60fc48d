"""The desk of the platform's staff: what waits for a person, and what became of each harvested record."""
