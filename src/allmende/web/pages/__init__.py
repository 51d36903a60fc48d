"""Pages whose text an operator edits: Impressum, Datenschutz, Barrierefreiheit, about us. Nothing of the catalogue."""
