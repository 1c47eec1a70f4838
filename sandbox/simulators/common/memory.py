"""What a simulator knows, kept in a file over the end of its process: a site outlives its simulators, and
remembers keys, tokens and numbers of orders.

Faults and the journal are not kept: a simulator begins in a good state. The file is a pickle, which this
checkout alone writes and reads.
"""

import contextlib
import os
import pickle
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sandbox.fingerprint import fingerprint
from sandbox.simulators.common import passing
from sandbox.simulators.common.simulator import Simulator

EVERY_SECONDS = 1.0


class Memory:
	"""
	:param file: will be readable by its owner only.
	:param sources: what the simulator is made of. What others made is not read: it may lack what is new.
	:param is_complete: whether there is something to keep; the seed of a simulator's data sets it at its end.
	"""

	def __init__(self, file: Path, sources: list[Path], is_complete: bool = True):
		self.file = file
		self._version = fingerprint(*sources, extra=sys.version)
		self.is_complete = is_complete
		self._saved: bytes | None = None

	def restore(self, simulator: Simulator) -> bool:
		"""Gives a fresh simulator what an earlier one knew. Returns whether there was anything to give."""
		if not (found := self._read()):
			return False
		passing.go_on_from(found["moment"], found["at"])
		with simulator.lock:
			simulator.remember(found["kept"])
		self.is_complete = True
		return True

	def save(self, simulator: Simulator) -> None:
		"""Replaces the file in one step, if anything has changed."""
		if not self.is_complete:
			return
		with simulator.lock:
			kept = pickle.dumps(simulator.kept())
		if kept == self._saved:
			return
		content = {"version": self._version, "moment": passing.now(), "at": time.time(), "kept": kept}
		self.file.parent.mkdir(parents=True, exist_ok=True)
		fresh = self.file.with_suffix(".new")
		with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
			pickle.dump(content, file)
		fresh.replace(self.file)
		self._saved = kept

	@contextlib.contextmanager
	def keeping(self, simulator: Simulator) -> Iterator[None]:
		"""Saves every second for the length of a block, and at its end."""
		ended = threading.Event()

		def save_again_and_again() -> None:
			while not ended.wait(EVERY_SECONDS):
				self.save(simulator)

		saver = threading.Thread(target=save_again_and_again, daemon=True)
		saver.start()
		try:
			yield
		finally:
			ended.set()
			saver.join()
			self.save(simulator)

	def _read(self) -> dict[str, Any] | None:
		try:
			found = pickle.loads(self.file.read_bytes())
			if found["version"] != self._version:
				return None
			return {**found, "kept": pickle.loads(found["kept"])}
		except FileNotFoundError:
			return None
		except Exception as error:  # a pickle that was cut short may raise anything
			print(f"{self.file} cannot be read ({error}): everything begins anew", file=sys.stderr)
			return None
