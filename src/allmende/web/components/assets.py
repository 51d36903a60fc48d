"""Which style sheets a page loads."""

from functools import cache
from typing import Final

from django.conf import settings
from django.contrib.staticfiles import finders

CUT: Final = "kern-cut/kern.css"
WHOLE: Final = "kern/kern.min.css"


@cache
def kern_css() -> str:
    """KERN cut to what our pages use, where set-up has made it; the whole of it otherwise, and while one builds."""
    return CUT if not settings.DEBUG and finders.find(CUT) else WHOLE
