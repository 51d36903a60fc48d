from django.apps import AppConfig


class RecordsConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "allmende.records"
    verbose_name = "Dokumente mit Unterschrift"
