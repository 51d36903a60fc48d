from dataclasses import replace
from datetime import timedelta

from django.apps import AppConfig


class OfficeConfig(AppConfig):
    name = "tests.mail.office"

    def ready(self) -> None:
        """A killed worker holds its lease for half a minute, and its letter waits for a minute: too long for a test."""
        from allmende.jobs.job import Backoff
        from allmende.mail import tasks
        from allmende.mail.actions import delivering

        tasks.deliver = replace(
            tasks.deliver, policy=replace(tasks.deliver.policy, retries=60, lease_seconds=0.5)
        )
        delivering.RETRY = Backoff(timedelta(milliseconds=50), timedelta(milliseconds=50))
