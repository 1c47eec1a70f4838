"""The leaky bucket that query costs are taken from: one for each app in each shop, as at Shopify."""

from sandbox.simulators.common import passing

DEFAULT_SIZE = 2000
DEFAULT_RATE = 100


class Bucket:
	"""
	:param size: points when full.
	:param rate: points that come back in a second.
	"""

	def __init__(self, size: float = DEFAULT_SIZE, rate: float = DEFAULT_RATE):
		self.size = size
		self.rate = rate
		self._level = size
		self._at = passing.now()

	def available(self) -> float:
		now = passing.now()
		self._level = min(self.size, self._level + (now - self._at) * self.rate)
		self._at = now
		return self._level

	def spend(self, points: float) -> None:
		self._level = self.available() - points

	def fill(self, points: float) -> None:
		"""Sets what is in it now."""
		self.available()
		self._level = min(points, self.size)

	def status(self) -> dict:
		return {
			"maximumAvailable": float(self.size),
			"currentlyAvailable": int(self.available()),
			"restoreRate": float(self.rate),
		}
