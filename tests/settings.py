"""The product's settings, in a throw-away folder and with quick passwords.

The environment of the caller is wiped first, so that a test means the same on every
machine. The client need not be built: pages link a stand-in bundle. Tests that need
the real one start the real server, which reads server.config.settings.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import tempfile
from pathlib import Path

for _name in list(os.environ):
    if _name.startswith("DUTHAO_") or _name in {"PORT", "DATA_DIR"}:
        del os.environ[_name]

# Tests of pages and API run on SQLite, and on any database that is named here.
if _database := os.environ.get("TESTS_DATABASE_URL"):
    os.environ["DUTHAO_DATABASE_URL"] = _database

# What is installed here must not decide what a test says; those that want a program
# name it themselves.
os.environ["DUTHAO_OFFICE_PROGRAM"] = os.environ["DUTHAO_RECOGNISER"] = "none"

_folder = Path(tempfile.mkdtemp(prefix="duthao-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["DATA_DIR"] = str(_folder / "data")

from server.config.settings import *  # noqa: E402, F403
from server.config.settings import DATABASES  # noqa: E402

for _name in ("DATA_DIR", "DUTHAO_OFFICE_PROGRAM", "DUTHAO_RECOGNISER"):
    del os.environ[_name]
os.environ.pop("DUTHAO_DATABASE_URL", None)

CLIENT_DIST = _folder / "dist"
(CLIENT_DIST / "assets").mkdir(parents=True)
for _entry in ("pages", "editor"):
    (CLIENT_DIST / "assets" / f"{_entry}-00000000.js").touch()
(CLIENT_DIST / "manifest.json").write_text(
    json.dumps(
        {
            f"src/{entry}.ts": {"file": f"assets/{entry}-00000000.js", "isEntry": True}
            for entry in ("pages", "editor")
        }
    )
)
STATICFILES_DIRS = [("client", CLIENT_DIST)]

if not _database:
    # A file, not memory: the log's own threads must see the same database.
    DATABASES["default"]["TEST"] = {"NAME": str(_folder / "test.sqlite3")}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Only a process that serves people makes its first pages beforehand.
WARM_UP = False
