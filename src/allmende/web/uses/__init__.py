"""What a town says for itself: which solutions it uses, and which ones it misses here."""
