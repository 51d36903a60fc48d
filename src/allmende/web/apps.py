from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "allmende.web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Wagtail tells by signals; the receivers have to be known before the first save.
        from allmende.web.pages import signals  # noqa: F401, PLC0415
