"""The settings of a yard (tests/jobs/yard) whose workers deliver mail."""

import os

from tests.jobs.yard.settings import *  # noqa: F403
from tests.jobs.yard.settings import INSTALLED_APPS as YARD

INSTALLED_APPS = [*YARD, "allmende.mail", "tests.mail.office"]
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST, EMAIL_PORT = "127.0.0.1", int(os.environ["YARD_SMTP_PORT"])
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = "post@allmende.example"
MAIL_BOUNCE_ADDRESS = "bounces@allmende.example"
MAIL_REPLY_TO = ""
MAIL_PER_HOUR = 1_000
MAIL_KEEPS_TEXT = False
