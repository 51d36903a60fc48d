"""Measurements. Each module is a program that makes its data, prints a table, and says whether its bar holds."""
