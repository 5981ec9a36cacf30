"""Settings of Assay, all of them read from the environment (docs/operations.md lists them).

`ASSAY_ENV` says what kind of place this is: `production` (the default, which refuses to start on anything
guessable), `demo`, `development` or `test`.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

ENVIRONMENT = env("ASSAY_ENV", default="production")
if ENVIRONMENT not in {"production", "demo", "development", "test"}:
    raise ImproperlyConfigured(
        f"ASSAY_ENV is {ENVIRONMENT!r}; it must be production, demo, development or test."
    )
PRODUCTION = ENVIRONMENT == "production"
INSECURE_KEY = "insecure-development-key-that-production-refuses"


def _required_in_production(name: str, default: str) -> str:
    """Return the setting `name`, or `default` where this is not production."""
    if PRODUCTION and not env(name, default=""):
        raise ImproperlyConfigured(f"Set {name}: production has no default for it.")
    return env(name, default=default)


SECRET_KEY = _required_in_production("SECRET_KEY", INSECURE_KEY)
if PRODUCTION and (SECRET_KEY == INSECURE_KEY or len(SECRET_KEY) < 50):
    raise ImproperlyConfigured(
        "SECRET_KEY is the development key or shorter than 50 characters; "
        "make one with `python -c 'import secrets; print(secrets.token_urlsafe(50))'`."
    )

DEBUG = env.bool("DEBUG", default=False)
if PRODUCTION and DEBUG:
    raise ImproperlyConfigured("DEBUG must be off in production.")

BASE_URL = _required_in_production("BASE_URL", "http://127.0.0.1:8000").rstrip("/")
ALLOWED_HOSTS = _required_in_production("ALLOWED_HOSTS", "127.0.0.1,localhost,testserver").split(
    ","
)
if PRODUCTION and "*" in ALLOWED_HOSTS:
    raise ImproperlyConfigured(
        "ALLOWED_HOSTS must name the hosts: mailed links would lead to whatever host a request claims."
    )
# Which data this is, shown on every page unless it is the live data (demo, training, live).
PHASE = env("ASSAY_PHASE", default="live" if PRODUCTION else "demo")

# For demonstrations, training and tests only: how many days ahead of the real date Assay believes it is.
CLOCK_OFFSET_DAYS = env.int("ASSAY_CLOCK_OFFSET_DAYS", default=0)
if PRODUCTION and CLOCK_OFFSET_DAYS:
    raise ImproperlyConfigured("ASSAY_CLOCK_OFFSET_DAYS must not be set in production.")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "pgtrigger",
    "pghistory",
    "rest_framework",
    "knox",
    "django_filters",
    "drf_spectacular",
    "config.apps.ConfigConfig",
    "accounts",
    "inspections",
    "cases",
    "recommendations",
    "reports",
    "reminders",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "config.public_pages.WithoutCookies",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "config.urls"
# Below it everything is for everybody, and no cookie is read or set.
PUBLIC_PREFIX = "published/"
WSGI_APPLICATION = "config.wsgi.application"

_CONTEXT_PROCESSORS = [
    "django.template.context_processors.request",
    "django.contrib.auth.context_processors.auth",
    "django.contrib.messages.context_processors.messages",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "environment": "config.jinja.environment",
            "context_processors": _CONTEXT_PROCESSORS,
        },
    },
    {  # the admin's own pages, and whatever a library brings that we have not written again
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {"context_processors": _CONTEXT_PROCESSORS},
    },
]

DATABASES = {
    "default": {
        **env.db_url_config(
            _required_in_production("DATABASE_URL", "postgres://assay:assay@127.0.0.1:5432/assay")
        ),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        # A choice list read through a server-side cursor costs three round trips instead of one.
        "DISABLE_SERVER_SIDE_CURSORS": True,
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = _required_in_production("REDIS_URL", "redis://127.0.0.1:6379/0")
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": "assay",
    }
}
# Sessions survive a lost cache: the database keeps them, the cache only answers first.
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_AGE = 12 * 60 * 60
SESSION_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_SECURE = PRODUCTION
CSRF_COOKIE_HTTPONLY = True
CSRF_TRUSTED_ORIGINS = [BASE_URL]
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]  # whoever asks from inside speaks plain HTTP
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PRODUCTION
SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an administrator vouches for the address
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_SESSION_REMEMBER = False  # the browser forgets when it is closed
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_RATE_LIMITS = {"login_failed": None}  # django-axes counts failures, in the database
ACCOUNT_FORMS = {
    "login": "accounts.sign_in.LoginForm",
    "reset_password": "accounts.sign_in.ResetPasswordForm",
    "reset_password_from_key": "accounts.sign_in.ResetPasswordKeyForm",
    "change_password": "accounts.sign_in.ChangePasswordForm",
    "set_password": "accounts.sign_in.SetPasswordForm",
    "reauthenticate": "accounts.sign_in.ReauthenticateForm",
}
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "accounts.sign_in.typed_address"
AXES_LOCKOUT_TEMPLATE = "429.html"
AXES_VERBOSE = False
AXES_ENABLE_ACCESS_FAILURE_LOG = False

# Attempts are counted by address, and behind a proxy that is the last one that the proxy added to X-Forwarded-For;
# otherwise everybody would share the proxy's.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0
AXES_CLIENT_IP_CALLABLE = "accounts.sign_in.client_address"

globals().update(
    env.email_url_config(_required_in_production("EMAIL_URL", "smtp://127.0.0.1:1025"))
)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = env("DEFAULT_FROM_EMAIL", default="Assay <assay@assay.example>")

LANGUAGE_CODE = "en-gb"
# Those with a catalogue in LOCALE_PATHS: a page in another would name a language that it is not in.
LANGUAGES = [("en-gb", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Europe/London"

STATIC_URL = "static/"
STATICFILES_DIRS = [("dist", BASE_DIR / "static" / "dist")]  # `npm run build` makes it
STATIC_ROOT = Path(env("STATIC_ROOT", default=str(BASE_DIR / "staticfiles")))
EVIDENCE_ROOT = Path(env("EVIDENCE_ROOT", default=str(BASE_DIR / ".assay" / "evidence")))
EVIDENCE_MAX_BYTES = env.int("EVIDENCE_MAX_MB", default=25) * 1024 * 1024
# The whole of one request; whatever is longer is refused before it is read.
UPLOAD_MAX_BYTES = 4 * EVIDENCE_MAX_BYTES
FILE_UPLOAD_HANDLERS = [
    "config.uploads.NoLongerThanAllowed",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]


def _evidence_storage() -> dict[str, object]:
    """Where evidence files lie: in a folder that no web server serves, or in a bucket that speaks S3."""
    bucket = env("EVIDENCE_BUCKET", default="")
    if not bucket:
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {
                "location": EVIDENCE_ROOT,
                "file_permissions_mode": 0o600,
                "directory_permissions_mode": 0o700,
            },
        }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": bucket,
            "endpoint_url": env("EVIDENCE_ENDPOINT", default=None),
            "region_name": env("EVIDENCE_REGION", default=None),
            "access_key": env("EVIDENCE_ACCESS_KEY", default=None),
            "secret_key": env("EVIDENCE_SECRET_KEY", default=None),
            "addressing_style": env("EVIDENCE_ADDRESSING", default="auto"),
            "default_acl": None,  # whatever the bucket says, and that has to be: private
            "file_overwrite": False,
            "querystring_auth": True,
            # Assay itself fetches every file after its permission check and hands nobody an address.
            "max_memory_size": 5 * 1024 * 1024,
        },
    }


_STATIC_STORAGE = {
    "production": "whitenoise.storage.CompressedManifestStaticFilesStorage",
    # As in production but for compressing, which takes longer than everything else that a start does.
    "demo": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
}
_PLAIN = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "evidence": _evidence_storage(),
    "staticfiles": {"BACKEND": _STATIC_STORAGE.get(ENVIRONMENT, _PLAIN)},
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = (
    True  # what became of a task is written in its own rows, not in a result store
)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_TIME_LIMIT = 15 * 60
# A worker that printed a very long report gives its memory back: another process takes its place after that task.
CELERY_WORKER_MAX_MEMORY_PER_CHILD = 400_000  # kB
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 60 * 60}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
CELERY_BEAT_SCHEDULE: dict[str, dict[str, object]] = {
    # Void before the next one comes, so that an hour without workers does not leave sixty of them waiting.
    "sweep-reminders": {
        "task": "reminders.tasks.sweep",
        "schedule": 60,
        "options": {"expires": 55},
    },
    "sweep-report-builds": {
        "task": "reports.sweep_builds",
        "schedule": 30,
        "options": {"expires": 30},
    },
    "publish-due-reports": {
        "task": "reports.publish_due",
        "schedule": 20,
        "options": {"expires": 20},
    },
}

# Whoever makes something that must be mailed at once nudges this task; beat would run it within a minute anyway.
URGENT_MAIL_TASK = "reminders.tasks.sweep"

PGHISTORY_APPEND_ONLY = True

# Who may object to a stage move, and who knows what waits for a person. The app that owns the page asks the apps that
# build on it through these, because imports point one way only.
STAGE_GUARDS = [
    "cases.guards.guard",
    "recommendations.guards.guard",
    "reports.guards.guard",
]
# `(inspection, transition, by)`: what follows from a stage move beyond its own app, in the same transaction.
STAGE_FOLLOWERS = ["reports.accuracy.follow", "reports.approval.follow"]
# `(inspection, {old number: new number, None if it was removed}, *, by)`: whoever refers to recommendations by their
# number follows when drafting changes it, in the same transaction; those that kept theirs are left out.
RECOMMENDATION_FOLLOWERS = ["reports.renumbering.follow_recommendations"]
# `(inspection, *, by)`: contexts, in a transaction, within which cases are excluded or count again.
EXCLUSION_FOLLOWERS = ["reports.renumbering.examples_followed"]
# `(inspection, day)`: whoever keeps dates that count from publication makes them, or counts them anew from another day.
TIMESCALES = ["recommendations.publication.count_from"]
# `(inspection, user, by)`: what becomes of the work of somebody whom `by` takes off a team, in the same transaction.
TEAM_LEAVERS = ["cases.assignment.left_team"]
# What looks like personal data in free text: `(texts, inspection, place, *, by, reason)`, which raises TextRefused, and
# `(text) -> list of suspicions` (inspections/free_text.py).
TEXT_CHECK = "cases.personal_data.check_named"
TEXT_SUSPICIONS = "cases.personal_data.suspicions"
# `(inspection, names of places, user) -> {name: (title, address)}` of those places of texts that the user may read.
TEXT_PLACES = [
    "cases.text_places.describe",
    "recommendations.text_places.describe",
    "recommendations.plan_places.describe",
    "reports.text_places.describe",
]
# `(case, user) -> list of (text, address)`: what the page of a case offers beyond its own app.
CASE_LINKS = ["reports.examples.case_links"]
# `(inspection, user) -> list of {"label", "done", "total", "href"}`: what the overview shows as bars.
OVERVIEW_PROVIDERS = ["cases.overview.progress_of"]
# `(force, user) -> list of {"title", "head", "rows"}` and, if wanted, "totals", "notes", "chart" and "folded": tables
# on the page of a force.
FORCE_PROFILE = ["recommendations.force_profile.tables", "reports.force_profile.tables"]
WORK_PROVIDERS = [
    "inspections.work.work_for",
    "cases.work.work_for",
    "cases.readings.work_for",
    "recommendations.work.work_for",
    "reports.work.work_for",
    "reminders.inbox.work_for",
]
# `(user) -> how many messages they have still to read`: asked for the header of every page, so it has to be cheap.
UNREAD_MESSAGES = "reminders.inbox.unread_count"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "accounts.tokens.BearerAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api_parsers.JSONParser"],
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_PAGINATION_CLASS": "config.api.Pagination",
    "DEFAULT_SCHEMA_CLASS": "config.api_schema.Schema",
    "EXCEPTION_HANDLER": "config.api.exception_handler",
    "TEST_REQUEST_DEFAULT_FORMAT": "json",
}
REST_KNOX = {"AUTH_HEADER_PREFIX": "Bearer", "AUTO_REFRESH": False}
SPECTACULAR_SETTINGS = {
    "TITLE": "Assay API",
    "DESCRIPTION": "Inspections of child protection: cases, audits, figures, recommendations, deadlines.",
    "VERSION": "1.0.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAuthenticated"],
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "InspectionKindEnum": "inspections.models.InspectionKind",
        "DeadlineKindEnum": "inspections.models.DeadlineKind",
        "SideEnum": "inspections.models.Side",
        "PartyEnum": "inspections.models.Party",
        "AuditStatusEnum": "cases.models.AuditStatus",
        "ProgressStatusEnum": "recommendations.models.ProgressStatus",
        "BuildStatusEnum": "reports.models.BuildStatus",
    },
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "filters": {"without_secrets": {"()": "config.log_filters.WithoutSecrets"}},
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "formatter": "line",
            "filters": ["without_secrets"],
        }
    },
    "root": {"handlers": ["console"], "level": "INFO"},
}
