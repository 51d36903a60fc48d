"""All settings, read from the environment once. `docs/reference/settings.md` explains each variable."""

import os
import re
import secrets
import sys
from datetime import timedelta
from pathlib import Path

import dj_database_url
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from allmende.config.oidc import identity_providers


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, "1" if default else "0").strip().lower() in ("1", "true", "yes", "on", "ja")


def _list(name: str, default: str = "") -> list[str]:
    return [part.strip() for part in os.environ.get(name, default).split(",") if part.strip()]


PACKAGE_DIR = Path(__file__).resolve().parent.parent
CHECKOUT_DIR = PACKAGE_DIR.parent.parent
DATA_DIR = Path(os.environ.get("ALLMENDE_DATA_DIR", CHECKOUT_DIR / "var")).resolve()
DATA_DIR.mkdir(parents=True, exist_ok=True)

DEBUG = _flag("ALLMENDE_DEBUG")
# The demo shows invented people and towns and prints its passwords; it must never be mistaken for the real thing.
DEMO = _flag("ALLMENDE_DEMO")
# Who tells /demo/anmeldungen which accounts there are; the web is below the demo and does not know it.
DEMO_LOGINS = "allmende.demo.actions.people"

SECRET_KEY = os.environ.get("ALLMENDE_SECRET_KEY", "")
if not SECRET_KEY:
    if not (DEBUG or DEMO or "pytest" in sys.modules):
        raise ImproperlyConfigured(
            "ALLMENDE_SECRET_KEY fehlt. Erzeugen Sie einen Schlüssel, zum Beispiel mit "
            "„python -c 'import secrets; print(secrets.token_urlsafe(50))'“, und setzen Sie ihn in der Umgebung."
        )
    key_file = DATA_DIR / "secret-key"
    if not key_file.exists():
        key_file.write_text(secrets.token_urlsafe(50))
        key_file.chmod(0o600)
    SECRET_KEY = key_file.read_text().strip()

# Former keys, while what was signed or locked with them is still about.
SECRET_KEY_FALLBACKS = _list("ALLMENDE_SECRET_KEYS_BEFORE")

ALLOWED_HOSTS = _list("ALLMENDE_HOSTS", "localhost,127.0.0.1,[::1]")
SITE_URL = os.environ.get("ALLMENDE_SITE_URL", "http://localhost:8000").rstrip("/")
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL.startswith("https://") else []

INSTALLED_APPS = [
    "allmende.jobs",
    "allmende.journal",
    "allmende.vocabulary",
    "allmende.regions",
    "allmende.mail",
    "allmende.accounts",
    "allmende.files",
    "allmende.organisations",
    "allmende.catalogue",
    "allmende.procurement",
    "allmende.records",
    "allmende.search",
    "allmende.demand",
    "allmende.exploration",
    "allmende.federation",
    "allmende.notifications",
    "allmende.operations",
    "allmende.web",
    "allmende.demo",
    "django_tasks",
    "django_tasks_db",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.search",
    "wagtail.admin",
    "wagtail",
    "modelcluster",
    "taggit",
    "django_htmx",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
]

MIDDLEWARE = [
    # Before all else: whoever watches the site calls by number, without TLS, and when the database is away.
    "allmende.web.operations.health.HealthMiddleware",
    # Around everything that can turn a request away.
    "allmende.web.operations.rejections.RejectionMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    # Before sessions: an answer from the page cache needs neither a session nor a user.
    "allmende.web.shell.page_cache.PageCacheMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "csp.middleware.CSPMiddleware",
    "allmende.web.shell.security.SecurityHeadersMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Whoever works for the platform gets no further without a second factor.
    "allmende.web.accounts.second_factor.SecondFactorMiddleware",
    # Before what cannot be taken back, everybody shows once more who they are.
    "allmende.web.accounts.again.AskAgainMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    # Within all that adds headers: what it makes of an empty answer is a page like any other.
    "allmende.web.shell.methods.WrongMethodMiddleware",
]

ROOT_URLCONF = "allmende.config.urls"
WSGI_APPLICATION = "allmende.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        # One folder of templates per topic; base page and what we override lie in web/templates.
        "DIRS": [PACKAGE_DIR / "web" / "templates", *sorted((PACKAGE_DIR / "web").glob("*/templates"))],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "allmende.web.shell.context.shell",
            ],
            "libraries": {
                "components": "allmende.web.components.templatetags.components",
                "deadlines": "allmende.web.components.templatetags.deadlines",
                "formats": "allmende.web.components.templatetags.formats",
            },
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("ALLMENDE_DATABASE_URL", f"sqlite:///{DATA_DIR / 'allmende.sqlite3'}"),
        conn_max_age=600,
        conn_health_checks=True,
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Measured: with the defaults, writers wait seven times longer and lock errors appear under load.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA temp_store=MEMORY;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        # What is counted per address lies here: the usual 300 entries would be washed away by a flood of addresses.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    },
    # Whole pages, per process: the key carries the versions of what is shown, so processes need not agree.
    "pages": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "pages",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 2000},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_ADAPTER = "allmende.web.accounts.adapter.AccountAdapter"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
# One address per account; a new one replaces the old one once it is confirmed.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# Whether an account exists is told to nobody but the owner of the address, by mail.
ACCOUNT_PREVENT_ENUMERATION = "strict"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True
# A link in a mail confirms an address or sets a password; signing in is a step of its own, with its second factor.
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = False
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# Seconds after which staff show the second factor again: of silence, and in all (OWASP ASVS 4.0.3, 3.3.2, level 2).
STAFF_SESSION_IDLE, STAFF_SESSION_LONGEST = 1_800, 43_200
ACCOUNT_FORMS = {
    "add_email": "allmende.web.accounts.forms.AddressForm",
    "change_password": "allmende.web.accounts.forms.ChangePasswordForm",
    "login": "allmende.web.accounts.forms.LoginForm",
    "reauthenticate": "allmende.web.accounts.forms.ReauthenticateForm",
    "reset_password": "allmende.web.accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "allmende.web.accounts.forms.NewPasswordForm",
    "set_password": "allmende.web.accounts.forms.SetPasswordForm",
    "signup": "allmende.web.accounts.forms.SignupForm",
}
# Per address of the network ("ip"), per account ("user"), per e-mail address that was typed ("key"). A town hall is
# one address for all who work there.
ACCOUNT_RATE_LIMITS = {
    "change_password": "5/m/user",
    "confirm_email": "1/3m/key",
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "manage_email": "10/m/user,20/h/user",
    "reauthenticate": "10/m/user",
    "reset_password": "20/m/ip,60/h/ip,5/h/key",
    "reset_password_from_key": "20/m/ip",
    "signup": "20/m/ip,60/h/ip",
}
MFA_ADAPTER = "allmende.web.accounts.adapter.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Allmende"
MFA_TOTP_TOLERANCE = 1
MFA_RATE_LIMITS = {"webauthn_login": "10/m/ip"}
MFA_FORMS = {
    "activate_totp": "allmende.web.accounts.forms.ActivateTOTPForm",
    "add_webauthn": "allmende.web.accounts.forms.AddPasskeyForm",
    "authenticate": "allmende.web.accounts.forms.SecondFactorForm",
    "authenticate_webauthn": "allmende.web.accounts.forms.PasskeyForm",
    "edit_webauthn": "allmende.web.accounts.forms.RenamePasskeyForm",
    "login_webauthn": "allmende.web.accounts.forms.PasskeyLoginForm",
    "reauthenticate": "allmende.web.accounts.forms.SecondFactorAgainForm",
    "reauthenticate_webauthn": "allmende.web.accounts.forms.PasskeyAgainForm",
}
SOCIALACCOUNT_ADAPTER = "allmende.web.accounts.providers.ProviderAdapter"
# Nobody gets an account without having seen what is in it.
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_FORMS = {"signup": "allmende.web.accounts.forms.ProviderSignupForm"}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect": {
        "OAUTH_PKCE_ENABLED": True,
        "APPS": identity_providers(os.environ.get("ALLMENDE_OIDC", "")),
    }
}
# What higher packages keep of a person: dotted paths of functions, so that accounts knows none of them.
# (user) -> Sequence[PersonalData]: what a person takes along.
ACCOUNT_EXPORTS: list[str] = [
    "allmende.organisations.personal.export",
    "allmende.catalogue.notice_personal.export",
]
ACCOUNT_EXPORTS += ["allmende.notifications.personal.export", "allmende.files.personal.export"]
# (user) -> Sequence[str]: sentences that say what has to be settled before an account can be erased.
ACCOUNT_OBSTACLES: list[str] = ["allmende.organisations.personal.obstacles"]
# (user, *, by, now) -> None: ends or erases what hangs on the account, in the same transaction.
ACCOUNT_ERASERS: list[str] = [
    "allmende.organisations.personal.erase",
    "allmende.catalogue.notice_personal.erase",
]
ACCOUNT_ERASERS += ["allmende.notifications.personal.erase"]
# What becomes of begun work when somebody leaves an organisation: dotted paths of functions
# (*, organisation, leaver, to, by, now) -> list[str]; upper packages add theirs (organisations.actions.leaving).
WORK_HANDED_OVER = [
    "allmende.organisations.actions.leaving.hand_over_invitations",
    "allmende.organisations.actions.leaving.hand_over_absences",
    "allmende.exploration.actions.members.hand_over_cases",
]
# What moves when two organisations become one: name in the record → module with `move` and `move_back`; upper
# packages add theirs (organisations.actions.merging). The names stay: what was merged is undone by them.
ORGANISATION_MERGED = {
    "people": "allmende.organisations.actions.merged_people",
    "files": "allmende.organisations.actions.merged_files",
    "catalogue": "allmende.catalogue.actions.merged_bodies",
    "procurement": "allmende.procurement.merged_bodies",
    "demand": "allmende.demand.actions.merged_bodies",
    "exploration": "allmende.exploration.actions.merged_bodies",
}
# The same when two solutions become one (catalogue.actions.followers). Candidates of a market exploration stay with the
# entry whose edition was seen; its address leads on.
SOLUTION_MERGED = {"demand": "allmende.demand.actions.merged_solutions"}
# What waits at the desk, for the mail to the staff: dotted paths of functions (actor, now) -> list[Waiting] of packages
# above (notifications.waiting).
DESK_QUEUES: list[str] = ["allmende.web.desk.told.waiting_for"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/mein"
ACCOUNT_LOGOUT_REDIRECT_URL = "/"

# The pages speak German only; LocaleMiddleware would mix languages.
LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [
    ("kern", CHECKOUT_DIR / "node_modules" / "@kern-ux" / "native" / "dist"),
    # Fonts cut to the letters we need, made at set-up: beside the code, wherever the data lies.
    ("fonts", CHECKOUT_DIR / "var" / "fonts"),
    # KERN without what no page uses: an eighth of it (tools/kern.py).
    ("kern-cut", CHECKOUT_DIR / "var" / "kern-cut"),
]
STATICFILES_DIRS = [(prefix, path) for prefix, path in STATICFILES_DIRS if path.is_dir()]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or DEMO or "pytest" in sys.modules
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
# The demo and the tests serve files where they lie: collecting and compressing them takes longer than all the rest.
WHITENOISE_USE_FINDERS = DEBUG or DEMO or "pytest" in sys.modules
# Each browser of a test gets a server of its own, which would look through all of them first: most of a test's time.
WHITENOISE_AUTOREFRESH = DEBUG or "pytest" in sys.modules
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"
# Who looks for malware in uploads: the daemon of ClamAV, at `host:port` or at a path; "": nobody.
CLAMD = os.environ.get("ALLMENDE_CLAMD", "").strip()
if CLAMD and not re.fullmatch(r"/.+|[^\s/@]+:[0-9]{1,5}", CLAMD):
    raise ImproperlyConfigured(
        f"ALLMENDE_CLAMD ist „{CLAMD}“. Möglich sind Rechner und Port (clamav:3310) oder ein Pfad (/run/clamd.sock)."
    )

SECURE_SSL_REDIRECT = SITE_URL.startswith("https://")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0
# Whether subdomains speak TLS, and whether browsers shall know the domain by heart, is for its owner to decide.
SILENCED_SYSTEM_CHECKS = ["security.W005", "security.W021"]
# Said by checks of ours, in German and with how to mend it: TLS, cookies, the secret key, the demo's settings.
SILENCED_SYSTEM_CHECKS += [f"security.W{each:03}" for each in (4, 8, 9, 12, 16, 18)]
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
if SECURE_SSL_REDIRECT:
    # Browsers take a cookie of such a name from this very host and over TLS alone: no neighbour can plant one.
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
BEHIND_PROXY = _flag("ALLMENDE_BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
# The last entry of X-Forwarded-For is the proxy's own; limits count the address in it.
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SAMESITE = "Lax"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
# The first one refuses a body that is far too large before any of it is written to the disk.
FILE_UPLOAD_HANDLERS = [
    "allmende.web.files.uploads.BoundedBody",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        # KERN draws its icons as data addresses in the style sheet.
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    },
}

TASKS = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": ["default", "harvest", "index", "meaning"],
    }
}

# What comes again, whoever is at work: name → (dotted path of the job, interval). Sources plan their own harvest.
JOBS_SCHEDULE = {
    "catalogue.remind": ("allmende.catalogue.tasks.remind", timedelta(days=1)),
    "accounts.tidy": ("allmende.accounts.tasks.tidy", timedelta(days=1)),
    "catalogue.notices": ("allmende.catalogue.tasks.settle_notices", timedelta(days=1)),
    "files.check": ("allmende.files.tasks.check", timedelta(minutes=10)),
    "files.tidy": ("allmende.files.tasks.tidy", timedelta(days=1)),
    "exploration.remind": ("allmende.exploration.tasks.remind", timedelta(days=1)),
    "exploration.post": ("allmende.exploration.tasks.note_post", timedelta(minutes=1)),
    "exploration.questionnaires": ("allmende.exploration.tasks.tend_questionnaires", timedelta(minutes=1)),
    "demand.remind": ("allmende.demand.tasks.remind", timedelta(days=1)),
    "federation.expire": ("allmende.federation.tasks.expire", timedelta(days=1)),
    "jobs.tidy": ("allmende.jobs.tasks.tidy", timedelta(days=1)),
    "journal.seal": ("allmende.journal.tasks.seal", timedelta(minutes=1)),
    "journal.tidy": ("allmende.journal.tasks.tidy", timedelta(minutes=1)),
    "mail.deliver": ("allmende.mail.tasks.deliver", timedelta(minutes=1)),
    "mail.tidy": ("allmende.mail.tasks.tidy", timedelta(days=1)),
    "notifications.look": ("allmende.notifications.tasks.look", timedelta(minutes=1)),
    "notifications.mail": ("allmende.notifications.tasks.mail_news", timedelta(minutes=1)),
    "notifications.waiting": ("allmende.notifications.tasks.mail_waiting", timedelta(minutes=5)),
    "notifications.tidy": ("allmende.notifications.tasks.tidy", timedelta(days=1)),
    "operations.note_due": ("allmende.operations.tasks.note_due", timedelta(days=1)),
    "operations.tidy": ("allmende.operations.tasks.tidy", timedelta(days=1)),
    "search.learn": ("allmende.search.tasks.learn", timedelta(minutes=1)),
    "search.misses": ("allmende.search.tasks.count_misses", timedelta(minutes=1)),
    "search.sweep": ("allmende.search.tasks.sweep", timedelta(days=1)),
    "search.tend": ("allmende.search.tasks.tend", timedelta(minutes=5)),
}
# What a worker that serves its queue does first: it may be of a newer release than what it finds.
JOBS_AT_START = ["allmende.search.tasks.tend", "allmende.search.tasks.learn"]

WAGTAIL_SITE_NAME = "Allmende"
WAGTAILADMIN_BASE_URL = SITE_URL
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES = [("de", "Deutsch")]
# Sign-in, with its second factor, is in one place only; and nothing calls out.
WAGTAIL_PASSWORD_RESET_ENABLED = False
WAGTAIL_PASSWORD_MANAGEMENT_ENABLED = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_UPDATE_CHECK = False
# Who may edit a fixed page may publish it; there is nobody else to ask.
WAGTAIL_WORKFLOW_ENABLED = False
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

EMAIL_HOST = os.environ.get("ALLMENDE_SMTP_HOST", "").strip()
SMTP_TLS = os.environ.get("ALLMENDE_SMTP_TLS", "").strip().lower() or "starttls"
if SMTP_TLS not in ("starttls", "tls", "none"):
    raise ImproperlyConfigured(
        f"ALLMENDE_SMTP_TLS ist „{SMTP_TLS}“. Möglich sind „starttls“, „tls“ und „none“."
    )
EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP_TLS == "starttls", SMTP_TLS == "tls"
EMAIL_PORT = int(os.environ.get("ALLMENDE_SMTP_PORT") or {"starttls": 587, "tls": 465, "none": 25}[SMTP_TLS])
EMAIL_HOST_USER = os.environ.get("ALLMENDE_SMTP_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("ALLMENDE_SMTP_PASSWORD", "")
if EMAIL_HOST_PASSWORD and SMTP_TLS == "none" and EMAIL_HOST not in ("localhost", "127.0.0.1", "::1"):
    raise ImproperlyConfigured(
        "ALLMENDE_SMTP_PASSWORD ginge offen über die Leitung. Setzen Sie ALLMENDE_SMTP_TLS auf „starttls“ oder „tls“."
    )
EMAIL_TIMEOUT = 20
# Without a mail server: testers of the demo read mails on a page, everybody else in the log.
EMAIL_BACKEND = os.environ.get("ALLMENDE_EMAIL_BACKEND") or "django.core.mail.backends." + (
    "smtp.EmailBackend" if EMAIL_HOST else "dummy.EmailBackend" if DEMO else "console.EmailBackend"
)
DEFAULT_FROM_EMAIL = os.environ.get("ALLMENDE_EMAIL_FROM", "allmende@localhost")
# What stands on paper letters to town halls: who sends them (lines, parted by „|“), and where to ask.
LETTER_SENDER = [
    line.strip() for line in os.environ.get("ALLMENDE_LETTER_SENDER", "").split("|") if line.strip()
]
LETTER_PHONE = os.environ.get("ALLMENDE_LETTER_PHONE", "").strip()
LETTER_REPLY_TO = os.environ.get("ALLMENDE_LETTER_REPLY_TO", "").strip()
MAIL_REPLY_TO = os.environ.get("ALLMENDE_EMAIL_REPLY_TO", "").strip()
# Where undeliverable mail comes back to; each letter puts "+" and its own token before the @.
MAIL_BOUNCE_ADDRESS = os.environ.get("ALLMENDE_BOUNCE_ADDRESS", "").strip()
for name, address in (
    ("ALLMENDE_BOUNCE_ADDRESS", MAIL_BOUNCE_ADDRESS),
    ("ALLMENDE_EMAIL_REPLY_TO", MAIL_REPLY_TO),
):
    if address and not re.fullmatch(r"[^@\s<>\"]+@[^@\s<>\"]+", address):
        raise ImproperlyConfigured(
            f"{name} ist „{address}“. Tragen Sie eine bloße Adresse ein: name@example.org."
        )
MAIL_PER_HOUR = int(os.environ.get("ALLMENDE_MAIL_PER_HOUR", 30))
MAIL_KEEPS_TEXT = DEMO

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("ALLMENDE_LOG_LEVEL", "WARNING")},
    "loggers": {
        "allmende": {"level": os.environ.get("ALLMENDE_LOG_LEVEL", "INFO")},
        # Who is turned away stands in a line of ours (web.operations.rejections). Django's would repeat the address
        # that was asked for, in which links of invitations and new passwords stand.
        "django.request": {"level": "ERROR"},
        "django.security.csrf": {"level": "ERROR"},
    },
}

# Who reacts to the journal: kind prefix → dotted path of a function in a `follow.py`. News travels upward only here.
JOURNAL_FOLLOWERS = {
    "catalogue.": ["allmende.search.follow.index_again"],
    "demand.need_": ["allmende.search.follow.index_again"],
    "organisations.": ["allmende.search.follow.index_again"],
    "vocabulary.": ["allmende.search.follow.index_everything"],
    "regions.": ["allmende.search.follow.index_everything"],
}
# A document is public with its verdict, and belongs in an edition from then on.
JOURNAL_FOLLOWERS |= {"files.scan_": ["allmende.catalogue.follow.note_verdicts"]}
# A letter to a company that is asked came back: the town sees it.
JOURNAL_FOLLOWERS |= {
    beginning: ["allmende.exploration.follow.note_post"] for beginning in ("mail.bounced", "mail.failed")
}
# Whose news these kinds may be, `notifications.rules` says; the rest of the catalogue, above all harvests, is nobody's.
JOURNAL_FOLLOWERS |= {
    beginning: ["allmende.notifications.follow.note"]
    for beginning in (
        "catalogue.entry_claim_",
        "catalogue.later_edit_",
        "catalogue.missing_solution_",
        "catalogue.notice_",
        "catalogue.offer_lapsed",
        "catalogue.offer_renewal_due",
        "catalogue.offer_withdrawn",
        "catalogue.solution_withdrawn",
        "catalogue.use_",
        "catalogue.working_copy_",
        "demand.contact_given",
        "demand.joining_",
        "demand.joint_",
        "demand.match_found",
        "demand.need_changed",
        "demand.need_closed",
        "demand.need_withdrawn",
        "demand.outcome_",
        "demand.response_",
        "exploration.audit_access_",
        "exploration.case_",
        "exploration.inquiry_",
        "exploration.member_",
        "exploration.question_a",
        "exploration.questionnaire_",
        "exploration.step_plan_due",
        "files.scan_infected",
        "mail.",
        "organisations.a",
        "organisations.claim_",
        "organisations.member_left",
        "organisations.role_",
        "organisations.suspended",
    )
}
# A new or changed need looks for what fits it, a changed solution or offer for the needs that it fits.
JOURNAL_FOLLOWERS |= {
    beginning: [*JOURNAL_FOLLOWERS.get(beginning, []), "allmende.demand.follow.match_needs"]
    for beginning in ("demand.need_changed", "demand.need_published")
}
JOURNAL_FOLLOWERS |= {
    beginning: [*JOURNAL_FOLLOWERS.get(beginning, []), "allmende.demand.follow.match_solutions"]
    for beginning in (
        "catalogue.offer_changed",
        "catalogue.offer_published",
        "catalogue.offer_restored",
        "catalogue.solution_changed",
        "catalogue.solution_published",
        "catalogue.solution_restored",
    )
}
# The key that signs seals lies beside the database: who can write to the database alone cannot make seals.
JOURNAL_KEYS_DIR = DATA_DIR / "journal"
# The keys that sign documents, for the same reason; and the fonts of documents, made at set-up beside the code.
RECORD_KEYS_DIR = DATA_DIR / "record-keys"
RECORD_FONTS_DIR = CHECKOUT_DIR / "var" / "print-fonts"
# Begins the ids of OCDS releases; the Open Contracting Partnership registers one for each publisher.
RECORD_OCDS_PREFIX = os.environ.get("ALLMENDE_OCDS_PREFIX", "").strip() or "ocds-000000"
# Months that things are kept where an operator is bound to others than ours: code of `operations.retention` → months.
RETENTION_MONTHS: dict[str, int] = {}
# Who knows whether the fixed pages say what the law asks for: (now) -> (what is wrong, how to mend it) or None.
OPERATIONS_TEXTS = "allmende.web.pages.conditions.texts"
# What a backup holds beside the database: name in the archive → folder or file. All else can be made again.
BACKUP_FOLDERS = {"media": MEDIA_ROOT}
BACKUP_KEYS = {"secret-key": DATA_DIR / "secret-key", "journal": JOURNAL_KEYS_DIR}
BACKUP_KEYS["records"] = RECORD_KEYS_DIR
# What the one search box finds: code of the kind → dotted path of its source of documents.
SEARCH_KINDS = {
    "solution": "allmende.search.solutions.SolutionDocuments",
    "need": "allmende.demand.search.NeedDocuments",
}
# Who says whether a solution meets a criterion of a need: classes of the shape `demand.statements.Knowing`.
DEMAND_STATEMENTS = ["allmende.demand.catalogue_statements.Catalogue"]
SEARCH_INDEX_DIR = DATA_DIR / "index"
SEARCH_VECTORS_DIR = DATA_DIR / "vectors"
SEARCH_MISSES_DIR = DATA_DIR / "misses"
# Compounds are taken apart by a dictionary, a list that comes with the software, and one of the operator's own.
SEARCH_LEXICON_DIR = DATA_DIR / "lexicon"
SEARCH_WORDS = (
    Path(words).resolve() if (words := os.environ.get("ALLMENDE_SEARCH_WORDS", "").strip()) else None
)
if SEARCH_WORDS is not None and not SEARCH_WORDS.is_file():
    raise ImproperlyConfigured(
        f"ALLMENDE_SEARCH_WORDS nennt die Datei „{SEARCH_WORDS}“. Es gibt sie nicht, oder sie ist nicht lesbar."
    )
# Who turns texts into vectors: the model that comes inside a package, an address that speaks OpenAI's protocol, nobody.
SEARCH_EMBEDDINGS = os.environ.get("ALLMENDE_EMBEDDINGS", "").strip() or "builtin"
SEARCH_EMBEDDINGS_MODEL = os.environ.get("ALLMENDE_EMBEDDINGS_MODEL", "").strip()
SEARCH_EMBEDDINGS_KEY = os.environ.get("ALLMENDE_EMBEDDINGS_KEY", "").strip()
if SEARCH_EMBEDDINGS not in ("builtin", "none"):
    # Before anything that repeats what was written: it may be a password.
    if "@" in SEARCH_EMBEDDINGS:
        raise ImproperlyConfigured(
            "Die Adresse in ALLMENDE_EMBEDDINGS enthält einen Namen oder ein Passwort (vor dem @). Schreiben Sie die "
            "Adresse ohne sie, und einen Schlüssel in ALLMENDE_EMBEDDINGS_KEY."
        )
    if not re.fullmatch(r"https?://[^\s/]+.*", SEARCH_EMBEDDINGS):
        raise ImproperlyConfigured(
            f"ALLMENDE_EMBEDDINGS ist „{SEARCH_EMBEDDINGS}“. Möglich sind „builtin“, „none“ oder eine Adresse, "
            "die mit http:// oder https:// beginnt."
        )
    if not SEARCH_EMBEDDINGS_MODEL:
        raise ImproperlyConfigured(
            "ALLMENDE_EMBEDDINGS nennt eine Adresse, ALLMENDE_EMBEDDINGS_MODEL aber kein Modell. "
            "Tragen Sie den Namen ein, unter dem die Adresse es kennt."
        )

# A fetch from a private address is refused; a source beside this server (tests, an intranet) is named here.
HARVEST_ALLOWED_PRIVATE_HOSTS = _list("ALLMENDE_HARVEST_PRIVATE_HOSTS")
HARVEST_MAX_BYTES = int(os.environ.get("ALLMENDE_HARVEST_MAX_BYTES", 2_000_000))
HARVEST_TIMEOUT_SECONDS = float(os.environ.get("ALLMENDE_HARVEST_TIMEOUT", 20))
