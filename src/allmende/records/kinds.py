"""What the keys of documents record in the journal."""

KINDS = {"records.key_renewed": "Schlüssel für Unterschriften gewechselt"}
