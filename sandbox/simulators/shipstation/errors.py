"""What the simulated API refuses."""

from sandbox.simulators.common import errors


class Refused(errors.Refused):
	"""An error with ShipStation's usual body, `{"Message": …}`."""

	def __init__(self, message: str, *, headers: dict[str, str] | None = None):
		super().__init__(message, {"Message": message}, headers=headers)


class InvalidRequest(Refused):
	"""The request does not fit the model; ModelState says where: `{"apiOrder.shipTo": ["…"]}`."""

	def __init__(self, model_state: dict[str, list[str]]):
		super().__init__("The request is invalid.")
		self.body["ModelState"] = self.model_state = model_state

	def in_one_line(self) -> str:
		return " ".join(message for messages in self.model_state.values() for message in messages)


class OrderLocked(Refused):
	"""Shipped and cancelled orders take no changes through the API. The wording is ours."""

	def __init__(self, order_number: str, status: str):
		super().__init__(f"Order {order_number} is {status} and cannot be modified through the API.")


class NotFound(Refused):
	status = 404


class MethodNotAllowed(Refused):
	status = 405

	def __init__(self, method: str, allowed: list[str]):
		super().__init__(
			f"The requested resource does not support http method '{method}'.",
			headers={"Allow": ", ".join(sorted(allowed))},
		)


class UnsupportedMediaType(Refused):
	status = 415


class TooManyRequests(Refused):
	status = 429

	def __init__(self, headers: dict[str, str] | None = None):
		super().__init__("Too Many Requests", headers=headers)
		self.body = {"message": "Too Many Requests"}
