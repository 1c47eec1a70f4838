"""What the simulated Vertex refuses: OAuth's bodies at the token endpoints, Vertex' own everywhere else."""

from http import HTTPStatus
from typing import Any

from sandbox.simulators.common import errors

# What the real service answers, and what its specification says: they differ.
SERVICE, SPECIFICATION = "service", "specification"
SHAPES = (SERVICE, SPECIFICATION)


class ApiRefused(errors.Refused):
	"""A refusal of the REST API.

	:param code: one of Vertex', such as VertexApplicationException.
	:param target: which member of the request it is about.
	"""

	code = "VertexApplicationException"

	def __init__(self, message: str, *, code: str | None = None, target: str | None = None):
		super().__init__(message, None)
		self.message = message
		self.code = code or self.code
		self.target = target

	def content(self, shape: str, meta: dict[str, Any]) -> dict[str, Any]:
		"""The answer's JSON in one of SHAPES."""
		entry = self._in_service() if shape == SERVICE else self._in_specification()
		return {"meta": meta, "errors": [entry]}

	def _in_service(self) -> dict[str, str]:
		title = HTTPStatus(self.status).phrase
		return {"status": str(self.status), "code": self.code, "title": title, "detail": self.message}

	def _in_specification(self) -> dict[str, str]:
		entry = {"code": self.code, "message": self.message}
		return {**entry, "target": self.target} if self.target else entry


class InvalidRequest(ApiRefused):
	"""The body is not of the specification's shape, or cannot be taxed."""


class InvalidAddress(ApiRefused):
	code = "VertexInvalidAddressException"


class Unauthorized(ApiRefused):
	"""No token, one that has ended, or a foreign one. Its body is the specification's in both shapes."""

	status = 401
	code = "VertexAuthenticationException"

	def content(self, shape: str, meta: dict[str, Any]) -> dict[str, Any]:
		return super().content(SPECIFICATION, meta)


class NotFound(ApiRefused):
	status = 404
	code = "VertexResourceNotFoundException"


class UnsupportedMediaType(ApiRefused):
	status = 415
	code = "VertexUnsupportedMediaTypeException"


class OAuthRefused(errors.Refused):
	"""A refusal of a token endpoint: `{"error": …, "error_description": …}`."""

	def __init__(self, status: int, error: str, description: str | None = None):
		body = {"error": error}
		if description:
			body["error_description"] = description
		super().__init__(description or error, body, status=status)
