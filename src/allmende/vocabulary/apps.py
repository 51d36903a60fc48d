from django.apps import AppConfig


class VocabularyConfig(AppConfig):
    name = "allmende.vocabulary"
    default_auto_field = "django.db.models.BigAutoField"
