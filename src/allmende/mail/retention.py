"""How long mail is kept. What a letter says is not in this list: it goes with the delivery."""

from datetime import timedelta

# State of a letter → how long its metadata stays: receiver, occasion, subject line, times.
LETTERS = {
    "sent": timedelta(days=90),  # bounces come within days, questions within weeks
    "failed": timedelta(days=90),
    "bounced": timedelta(days=90),
}
# An address that nobody has tried for so long may work again.
UNDELIVERABLE = timedelta(days=730)
