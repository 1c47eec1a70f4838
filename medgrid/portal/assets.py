"""URLs of the portal's scripts and styles.

A web server may let browsers cache `/assets` for a year, so each URL contains a fingerprint of all files:
after an update, browsers load the new scripts. Modules import each other by plain relative paths; the page's
import map adds the fingerprint to those.
"""

import base64
import hashlib
import json
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "public" / "portal"
BASE = "/assets/medgrid/portal"


def url(name: str) -> str:
	"""The URL of a file, with the fingerprint.

	:param name: the file's path, relative to `public/portal/`.
	"""
	return f"{BASE}/{name}?v={fingerprint()}"


@lru_cache(maxsize=1)
def fingerprint() -> str:
	"""A hash of the names and contents of all files, computed once in each process."""
	digest = hashlib.sha256()
	for path in _files():
		digest.update(path.name.encode())
		digest.update(path.read_bytes())
	return digest.hexdigest()[:12]


@lru_cache(maxsize=1)
def import_map() -> str:
	"""The import map as JSON: it adds the fingerprint to the URL of every module. The page contains it
	unescaped, which is safe because no file name contains `<`."""
	names = [path.relative_to(FOLDER).as_posix() for path in _files() if path.suffix == ".js"]
	return json.dumps({"imports": {f"{BASE}/{name}": url(name) for name in names}}, separators=(",", ":"))


@lru_cache(maxsize=1)
def import_map_hash() -> str:
	"""The import map's hash, in the format of Content-Security-Policy."""
	digest = hashlib.sha256(import_map().encode()).digest()
	return f"sha256-{base64.b64encode(digest).decode()}"


def _files() -> list[Path]:
	return sorted(path for path in FOLDER.rglob("*") if path.is_file())
