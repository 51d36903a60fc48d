from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "allmende.organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allmende.organisations import checks  # noqa: F401, PLC0415  # registers them, once models are there
