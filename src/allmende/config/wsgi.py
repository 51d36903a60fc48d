"""Entry of the web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "allmende.config.settings")
application = get_wsgi_application()

from allmende.demand import facts_kept  # noqa: E402 - needs Django set up
from allmende.search import meaning  # noqa: E402 - needs Django set up

meaning.warm_up()
facts_kept.warm_up()
