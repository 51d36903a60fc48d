from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "allmende.operations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allmende.operations import checks  # noqa: F401, PLC0415  # registers them, once models are there
