from django.apps import AppConfig


class DemandConfig(AppConfig):
    default_auto_field = "django.db.models.BigAutoField"
    name = "allmende.demand"
    verbose_name = "Bedarf"
