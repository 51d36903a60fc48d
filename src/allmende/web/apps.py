from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "allmende.web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Wagtail and allauth tell by signals; the receivers have to be known before the first save.
        from allmende.web.accounts import signals as accounts  # noqa: F401, PLC0415
        from allmende.web.pages import signals as pages  # noqa: F401, PLC0415
