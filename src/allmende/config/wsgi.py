"""Entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")
application = get_wsgi_application()

from allmende.search.meaning import warm_up  # noqa: E402 - needs Django set up

warm_up()
