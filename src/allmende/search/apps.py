from django.apps import AppConfig
from django.conf import settings

from allmende.retrieval import dictionary


class SearchConfig(AppConfig):
    name = "allmende.search"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Before any word is taken apart: index and questions have to go by the same lists."""
        dictionary.use(settings.SEARCH_WORDS, settings.SEARCH_LEXICON_DIR)
