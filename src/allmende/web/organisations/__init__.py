"""Pages on which people come to act for an organisation, run it together, and leave it; and the desk's part of that."""
