"""One hash over files and folders: whether a step's inputs are still those that it was done with."""

import hashlib
from pathlib import Path


def fingerprint(*paths: Path, extra: str = "") -> str:
	digest = hashlib.sha256(extra.encode())
	for path in paths:
		for file in _files(path):
			digest.update(str(file).encode())
			digest.update(file.read_bytes())
	return digest.hexdigest()


def _files(path: Path) -> list[Path]:
	if path.is_file():
		return [path]
	return sorted(file for file in path.rglob("*") if file.is_file() and "__pycache__" not in file.parts)
