"""Needs: write them, read them, answer them."""
