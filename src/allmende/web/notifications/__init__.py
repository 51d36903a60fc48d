"""What people are told: their news, how often mail brings them, saved searches, the way out of all mail."""
