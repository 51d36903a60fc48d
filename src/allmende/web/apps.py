from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "allmende.web"
    default_auto_field = "django.db.models.BigAutoField"
