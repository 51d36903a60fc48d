"""How large and how many: plain numbers, said in the sentences that refuse."""

LARGEST_LOGO = 5_000_000
LARGEST_DOCUMENT = 10_000_000
# Of the picture that comes in: unpacked it takes four bytes a point.
MOST_POINTS = 25_000_000
LONGEST_SIDE = 512
# Of what lies inside a document that is an archive.
MOST_PARTS = 3_000
MOST_UNPACKED = 100_000_000
LARGEST_INDEX = 2_000_000

LONGEST_NAME = 120
PER_OWNER = 100_000_000
DOCUMENTS_EACH = 5
# Beside those: what is no longer shown and lies on, because editions name it.
RETIRED_EACH = 50
