"""The house seen from outside (health, for machines) and by its operator (what is wrong, which jobs failed)."""
