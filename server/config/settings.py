"""Django's settings, made from the environment (`server.config.env`).

Embedded by default: SQLite and files under DATA_DIR. With DUTHAO_DATABASE_URL and
DUTHAO_REDIS_URL the same code runs as several processes.
"""

from __future__ import annotations

import os
import secrets
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from server.config.env import BadSetting, Environment
from server.config.limits import limits_from

PROJECT_DIR = Path(__file__).resolve().parents[2]
CLIENT_DIST = PROJECT_DIR / "editor_client" / "dist"
env = Environment(os.environ)


def _database(url: str, data_dir: Path) -> dict[str, Any]:
    if not url:
        return {
            "ENGINE": "server.common.sqlite3",
            "NAME": data_dir / "duthao.sqlite3",
            "OPTIONS": {
                # A writer queues for the lock instead of failing half-way.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                # FULL: what was committed survives a power cut.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            },
        }
    parts = urlsplit(url)
    query = dict(p.split("=", 1) for p in parts.query.split("&") if "=" in p)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(query.get("host", parts.hostname or "")),
        "PORT": str(parts.port or ""),
        # Each request runs on a thread of its own: a connection that its thread kept
        # would never be used again. A pool would let the log wait for the database
        # instead of saying at once that it is away. The log keeps its connections.
        "CONN_MAX_AGE": 0,
    }


def _secret_key(data_dir: Path) -> str:
    """Given, or made once and kept readable by this account only."""
    given = env.text("DUTHAO_SECRET_KEY", "", "session key; empty: made in DATA_DIR")
    if given:
        if len(given) < 32:
            raise BadSetting("DUTHAO_SECRET_KEY: at least 32 characters are needed")
        return given
    path = data_dir / "secret_key"
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = secrets.token_urlsafe(50)
        file.write(key)
    return key


def _path(name: str, default: Path, meaning: str) -> Path:
    """A file or folder that may be missing; read when it is needed."""
    given = env.text(name, "", meaning)
    return Path(given).expanduser().resolve() if given else default


try:
    PORT = env.integer("PORT", 8000, "TCP port of `make serve`", least=1)
    HOST = env.text("DUTHAO_HOST", "127.0.0.1", "address that `make serve` listens on")
    DATA_DIR = env.folder(
        "DATA_DIR", PROJECT_DIR / "data", "folder of the database, files and the key"
    )
    DEBUG = env.flag("DUTHAO_DEBUG", False, "tracebacks in the browser; for developers")
    SECRET_KEY = _secret_key(DATA_DIR)
    ALLOWED_HOSTS = env.words(
        "DUTHAO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]", "host names of this server"
    )
    CSRF_TRUSTED_ORIGINS = env.words(
        "DUTHAO_TRUSTED_ORIGINS", "", "origins (https://…) trusted, behind a proxy"
    )
    DATABASE_URL = env.url(
        "DUTHAO_DATABASE_URL",
        ("postgresql", "postgres"),
        "PostgreSQL address; empty: SQLite in DATA_DIR",
    )
    REDIS_URL = env.url(
        "DUTHAO_REDIS_URL",
        ("redis", "rediss", "unix"),
        "Redis address; empty: one process only",
    )
    PUBLIC_URL = (
        env.url(
            "DUTHAO_PUBLIC_URL",
            ("https", "http"),
            "address of this server for people outside, in the QR code of issued "
            "documents; empty: http://localhost and PORT",
        ).rstrip("/")
        or f"http://localhost:{PORT}"
    )
    HTTPS = env.flag("DUTHAO_HTTPS", False, "served over HTTPS: secure cookies, HSTS")
    DEMO = env.flag("DUTHAO_DEMO", False, "show the demo sign-ins on the sign-in page")
    SESSION_HOURS = env.integer(
        "DUTHAO_SESSION_HOURS", 12, "length of a session", least=1
    )
    TOKEN_DAYS = env.integer(
        "DUTHAO_TOKEN_DAYS", 90, "default life of an access token", least=1
    )
    SIGN_IN_ATTEMPTS = env.integer(
        "DUTHAO_SIGN_IN_ATTEMPTS", 8, "wrong passwords before a pause", least=1
    )
    SIGN_IN_PAUSE_MINUTES = env.integer(
        "DUTHAO_SIGN_IN_PAUSE_MINUTES", 10, "length of that pause", least=1
    )
    MAX_IMPORT_BYTES = env.integer(
        "DUTHAO_MAX_IMPORT_BYTES", 20_000_000, "largest .docx to import", least=1000
    )
    MAX_IMAGE_BYTES = env.integer(
        "DUTHAO_MAX_IMAGE_BYTES", 8_000_000, "largest image in a draft", least=1000
    )
    MAX_VERIFY_BYTES = env.integer(
        "DUTHAO_MAX_VERIFY_BYTES", 30_000_000, "largest PDF to check", least=1000
    )
    MAX_INCOMING_FILE_BYTES = env.integer(
        "DUTHAO_MAX_INCOMING_FILE_BYTES",
        200_000_000,
        "largest file attached to an incoming document",
        least=1000,
    )
    OFFICE_PROGRAM = env.text(
        "DUTHAO_OFFICE_PROGRAM",
        "soffice",
        "LibreOffice, which reads .doc, .xls and .ppt for the search; none: nobody",
    )
    RECOGNISER = env.text(
        "DUTHAO_RECOGNISER",
        "tesseract",
        "Tesseract, which reads pages that are pictures for the search; none: nobody",
    )
    RECOGNISER_LANGUAGES = env.text(
        "DUTHAO_RECOGNISER_LANGUAGES", "vie", "its languages, such as vie+eng"
    )
    RECOGNISED_PAGES = env.integer(
        "DUTHAO_RECOGNISED_PAGES", 200, "pages of one file that it reads", least=1
    )
    READ_FILE_S = env.integer(
        "DUTHAO_READ_FILE_S", 60, "seconds for one file, or for one such page", least=1
    )
    READ_FILE_BYTES = env.integer(
        "DUTHAO_READ_FILE_BYTES",
        4_000_000_000,
        "most memory of LibreOffice or Tesseract while it reads",
        least=100_000_000,
    )
    VERIFY_PER_MINUTE = env.integer(
        "DUTHAO_VERIFY_PER_MINUTE",
        20,
        "PDFs and codes that one address may check",
        least=1,
    )
    WARM_UP = env.flag(
        "DUTHAO_WARM_UP", True, "make a page at the start, so that the first is quick"
    )
    KEYS_DIR = DATA_DIR / "keys"
    TRUST_DIR = _path(
        "DUTHAO_TRUST_DIR",
        DATA_DIR / "trust",
        "certificates and .crl of authorities whose signatures count; empty: "
        "trust/ in DATA_DIR",
    )
    ORGANISATION_KEY = _path(
        "DUTHAO_ORGANISATION_KEY",
        KEYS_DIR / "organisation.p12",
        "PKCS#12 file with the organisation's key; empty: "
        "keys/organisation.p12 in DATA_DIR",
    )
    ORGANISATION_PASSWORD = _path(
        "DUTHAO_ORGANISATION_PASSWORD_FILE",
        KEYS_DIR / "organisation.password",
        "file with the password of that key, or the PIN of the token; empty: "
        "keys/organisation.password in DATA_DIR",
    )
    ORGANISATION = env.text(
        "DUTHAO_ORGANISATION",
        "",
        "abbreviation of the organisation whose key that is; empty: the only one here "
        "that signs digitally",
    )
    ORGANISATION_TOKEN = env.text(
        "DUTHAO_ORGANISATION_TOKEN", "", "label of a PKCS#11 token, instead of the file"
    )
    ORGANISATION_TOKEN_MODULE = env.text(
        "DUTHAO_ORGANISATION_TOKEN_MODULE", "", "the token's library (PKCS#11)"
    )
    ORGANISATION_TOKEN_CERTIFICATE = env.text(
        "DUTHAO_ORGANISATION_TOKEN_CERTIFICATE", "", "label of the certificate in it"
    )
    PERSON_KEYS = _path(
        "DUTHAO_PERSON_KEYS",
        KEYS_DIR / "people",
        "folder of people's keys, <sign-in name>.p12 (or .token) and .password; empty: "
        "keys/people in DATA_DIR",
    )
    TIMESTAMP_URL = env.url(
        "DUTHAO_TIMESTAMP_URL",
        ("https", "http"),
        "time-stamp service (RFC 3161) for signatures; empty: none",
    )
    COLLAB_LIMITS = limits_from(env)
    DATABASES = {"default": _database(DATABASE_URL, DATA_DIR)}
except BadSetting as error:
    raise ImproperlyConfigured(str(error)) from None

INSTALLED_APPS = [
    "daphne",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "ninja",
    "server.common",
    "server.accounts",
    "server.publishing",
    "server.registry",
    "server.review",
    "server.config",
    "storage.update_log",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "server.config.security.ContentPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before sessions: a cookie is text that was sent, too.
    "server.common.sent_text.SentTextMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    # After authentication: it speaks the language of the person who is signed in.
    "server.accounts.middleware.LanguageMiddleware",
    "server.config.body_limit.BodyLimitMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "server.common.origin.OriginMiddleware",
    "server.common.http.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "server.config.urls"
ASGI_APPLICATION = "server.config.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # Before the apps' own, so that the administration can wear our colours.
        "DIRS": [PROJECT_DIR / "server" / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "server.config.context.office",
            ],
            "builtins": ["server.config.templatetags.assets"],
        },
    }
]

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_PASSWORDS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"{_PASSWORDS}.UserAttributeSimilarityValidator"},
    {
        "NAME": f"{_PASSWORDS}.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": f"{_PASSWORDS}.CommonPasswordValidator"},
    {"NAME": f"{_PASSWORDS}.NumericPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = SIGN_IN_ATTEMPTS
AXES_COOLOFF_TIME = SIGN_IN_PAUSE_MINUTES / 60
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
# The pause is as long as the page says, whatever is tried meanwhile.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
# Our audit trail keeps the sign-ins.
AXES_DISABLE_ACCESS_LOG = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "server.accounts.views.locked_out"
CSRF_FAILURE_VIEW = "server.config.pages.csrf_failed"

SESSION_COOKIE_AGE = SESSION_HOURS * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [PROJECT_DIR / "server" / "config" / "locale"]
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATICFILES_DIRS = [("client", CLIENT_DIST)] if CLIENT_DIST.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Found where they are, never copied: there is no STATIC_ROOT to collect into. The
# client's files carry a content hash in their names, so they never change.
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/client/assets/.+-[A-Za-z0-9_-]{8}\.\w+$"

DATA_UPLOAD_MAX_MEMORY_SIZE = max(MAX_IMPORT_BYTES, MAX_IMAGE_BYTES) + 1_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}
    },
    "filters": {
        "without_query": {"()": "server.config.log_filters.WithoutQuery"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "stream": sys.stderr,
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.server": {"level": "WARNING"},
        "daphne": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        # It writes the whole address of a socket, and a token may stand in it.
        "uvicorn.error": {"filters": ["without_query"]},
        # What anybody's file looks like inside is for its checker, not for the log.
        "pyhanko": {"level": "ERROR"},
        "pyhanko_certvalidator": {"level": "ERROR"},
    },
}
