from django.apps import AppConfig


class FederationConfig(AppConfig):
    name = "allmende.federation"
    default_auto_field = "django.db.models.BigAutoField"
