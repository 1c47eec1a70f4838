"""What the simulated API refuses."""

from sandbox.simulators.common import errors


class Refused(errors.Refused):
	"""An error with Sendblue's body: `{"status": "ERROR", "error_code": …, "error_message": …}`."""

	def __init__(self, message: str, headers: dict[str, str] | None = None):
		body = {"status": "ERROR", "error_code": self.status, "error_message": message}
		super().__init__(message, body, headers=headers)


class BadRequest(Refused):
	pass


class Unauthorized(Refused):
	status = 401

	def __init__(self) -> None:
		super().__init__("Unauthorized: sb-api-key-id and sb-api-secret-key do not match an account.")


class NotFound(Refused):
	status = 404


class TooManyRequests(Refused):
	status = 429

	def __init__(self, seconds: float):
		super().__init__("Too many requests.", {"Retry-After": f"{seconds:g}"})
