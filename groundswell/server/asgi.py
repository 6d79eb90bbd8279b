"""The web application (ASGI)."""

import gc
import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "groundswell.server.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application

from groundswell.server.bodies import bounded

# A page makes some ten thousand objects and drops them by itself; a full collection over the dictionaries
# in memory takes 100 ms, and would come with every few pages.
gc.set_threshold(100_000, 20, 50)
application = bounded(get_asgi_application(), settings.FILE_UPLOAD_MAX_MEMORY_SIZE)
