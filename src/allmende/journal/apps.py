from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "allmende.journal"
    default_auto_field = "django.db.models.BigAutoField"
