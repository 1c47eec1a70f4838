"""A clock that a test turns."""


class Clock:
	"""Seconds, as `time.monotonic` gives them, that pass only when the test says so."""

	def __init__(self) -> None:
		self.seconds = 0.0

	def __call__(self) -> float:
		return self.seconds

	def advance(self, seconds: float) -> None:
		self.seconds += seconds
