"""Django's settings, all from ``Config``; nothing else in the house reads the environment."""

from __future__ import annotations

import hashlib
import warnings
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

import groundswell
from groundswell.server import postgres
from groundswell.server.config import read_config

# Static files go out by a synchronous iterator, which ASGI reads whole: they are small.
warnings.filterwarnings("ignore", message="StreamingHttpResponse must consume synchronous iterators")
CONFIG = read_config()
PACKAGE = Path(groundswell.__file__).parent


def _secret() -> str:
    if CONFIG.secret_file.exists():
        return CONFIG.secret_file.read_text(encoding="ascii").strip()
    return "not-a-secret-until-init"


def _static_version() -> str:
    digest = hashlib.blake2b(groundswell.__version__.encode(), digest_size=5)
    for path in sorted(PACKAGE.glob("*/static/**/*.*")) + sorted(PACKAGE.glob("*/*/static/**/*.*")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


SECRET_KEY = _secret()
DEBUG = CONFIG.debug
ALLOWED_HOSTS = [*CONFIG.allowed_hosts, "testserver"] if CONFIG.debug or CONFIG.demo else list(CONFIG.allowed_hosts)

DESK_APPS = [
    "spine",
    "audit",
    "accounts",
    "sources",
    "stream",
    "stories",
    "cases",
    "roster",
    "bulletins",
    "flash",
    "instructions",
    "releases",
    "alerts",
    "leads",
    "plans",
    "entry",
    "reading",
    "judgement",
    "today",
]
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.forms",
    "django_htmx",
    "procrastinate.contrib.django",
    "groundswell.server.apps.ServerConfig",
    *(f"groundswell.desk.{name}" for name in DESK_APPS),
    "groundswell.portal",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "groundswell.server.middleware.BehindProxy",
    "groundswell.server.middleware.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # of random length, so that a token cannot be guessed from it (BREACH, 2013)
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "groundswell.server.middleware.DemoVisitor",
    "groundswell.server.middleware.Language",
    "django_htmx.middleware.HtmxMiddleware",
    "groundswell.server.middleware.DeskGate",
    "groundswell.desk.spine.once.PageMemory",
]
ROOT_URLCONF = "groundswell.server.urls"
ASGI_APPLICATION = "groundswell.server.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "groundswell.desk.spine.shell.shell",
            ],
            "builtins": ["groundswell.desk.spine.templatetags.desk", "django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES: dict[str, dict[str, Any]] = {
    "default": postgres.django_database(CONFIG.database_url or "postgresql:///groundswell"),
}
if CONFIG.process == "web":  # a page asks dozens of small questions: a connection that knows the tables answers them faster
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": 10, "timeout": 4}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
LOGIN_URL = "/desk/sign-in/"
LOGIN_REDIRECT_URL = "/desk/"
LOGOUT_REDIRECT_URL = "/desk/sign-in/"
SESSION_COOKIE_NAME = "desk"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "groundswell.server.errors.csrf_failure"
if CONFIG.proxy:  # it speaks HTTPS with the visitors and says so
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = 180 * 24 * 3600
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 12 * 1024 * 1024  # an uploaded picture must never lie in a temporary file; see desk/entry/pictures.py

USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "language"
FORMAT_MODULE_PATH = ["groundswell.server.formats"]
USE_THOUSAND_SEPARATOR = False

STATIC_URL = f"/static/{_static_version()}/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 365 * 24 * 3600

PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"

_HANDLERS = ["stderr", "file"] if CONFIG.process else ["stderr"]
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"()": "groundswell.server.logs.EventFormatter", "places": CONFIG.debug},
        "event": {"()": "groundswell.server.logs.EventFormatter"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": "WARNING" if CONFIG.process else "INFO"},
        "file": {
            "class": "groundswell.server.logs.DayFile",
            "folder": str(CONFIG.log_folder),
            "process": CONFIG.process,
            "formatter": "event",
        },
    },
    "root": {"handlers": _HANDLERS, "level": "WARNING"},
    "loggers": {
        "groundswell": {"level": "INFO", "handlers": _HANDLERS, "propagate": False},
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "ERROR"},  # it tries again by itself, and says so many times a second
        "django.request": {"level": "ERROR", "handlers": _HANDLERS[1:], "propagate": False},
        "django.security": {"level": "ERROR"},
    },
}
