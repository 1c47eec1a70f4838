"""What the simulated API refuses. `simulator.py` turns these into answers, and nothing else does."""

from sandbox.simulators.common.errors import ControlRefused

__all__ = ["BadRequest", "ControlRefused", "NotFound", "Refused", "TooManyRequests", "Unauthorized"]


class Refused(Exception):
	"""An error with Sendblue's body: `{"status": "ERROR", "error_code": …, "error_message": …}`."""

	status = 400

	def __init__(self, message: str, headers: dict[str, str] | None = None):
		super().__init__(message)
		self.body = {"status": "ERROR", "error_code": self.status, "error_message": message}
		self.headers = headers or {}


class BadRequest(Refused):
	pass


class Unauthorized(Refused):
	status = 401

	def __init__(self):
		super().__init__("Unauthorized: sb-api-key-id and sb-api-secret-key do not match an account.")


class NotFound(Refused):
	status = 404


class TooManyRequests(Refused):
	status = 429

	def __init__(self, seconds: float):
		super().__init__("Too many requests.", {"Retry-After": f"{seconds:g}"})
