from django.apps import AppConfig


class ProcurementConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "allmende.procurement"
    verbose_name = "Vergaberecht"
