import os

import dj_database_url

SECRET_KEY = "yard"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = [
    "tests.jobs.yard",
    "allmende.jobs",
    "allmende.journal",
    "django_tasks",
    "django_tasks_db",
]
DATABASES = {"default": dj_database_url.parse(os.environ["ALLMENDE_DATABASE_URL"], conn_max_age=600)}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default", "harvest", "index"]}}
JOURNAL_FOLLOWERS = {"yard.": ["tests.jobs.yard.follow.note"]}
JOBS_SCHEDULE = {}
