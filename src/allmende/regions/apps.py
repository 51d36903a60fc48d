from django.apps import AppConfig


class RegionsConfig(AppConfig):
    name = "allmende.regions"
    default_auto_field = "django.db.models.BigAutoField"
