"""Models of the web topics, which are one app: what Wagtail keeps as pages."""

from allmende.web.pages.models import LegalPage

__all__ = ["LegalPage"]
