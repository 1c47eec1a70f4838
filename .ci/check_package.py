"""Whether the built wheel holds the whole app and nothing but the app: `check_package.py DIST_FOLDER`."""

import subprocess
import sys
import zipfile
from pathlib import Path

# Byte code is the one thing that an app's folder may hold and a wheel may not.
LEFT_OUT = ("__pycache__",)


def main(folder: str) -> int:
	wheel = next(Path(folder).glob("*.whl"))
	with zipfile.ZipFile(wheel) as archive:
		packed = {name for name in archive.namelist() if ".dist-info/" not in name}
	tracked = subprocess.run(["git", "ls-files", "medgrid"], capture_output=True, text=True, check=True)
	expected = {name for name in tracked.stdout.split("\n") if name}
	missing, extra = expected - packed, {name for name in packed - expected if not _left_out(name)}
	for title, names in (("missing in", missing), ("not tracked but in", extra)):
		for name in sorted(names):
			print(f"{title} {wheel.name}: {name}")
	print(f"{wheel.name}: {len(packed)} files")
	return 1 if missing or extra else 0


def _left_out(name: str) -> bool:
	return any(part in name for part in LEFT_OUT)


sys.exit(main(*sys.argv[1:]))
