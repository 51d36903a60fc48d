"""Which style sheets a page loads."""

from functools import cache
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage

CUT: Final = "kern-cut/kern.css"
WHOLE: Final = "kern/kern.min.css"


@cache
def kern_css() -> str:
    """KERN cut to what our pages use, where set-up has made it; the whole of it otherwise, and while one builds."""
    made = finders.find(CUT) or staticfiles_storage.exists(CUT)
    return CUT if made and not settings.DEBUG else WHOLE
