"""What a request to the simulated shop says about itself, before anybody handles it."""

import re

from sandbox.simulators.common.messages import Request, parsed

# At the beginning of a line: comments may speak of queries too.
OPERATION = re.compile(r"^\s*(?:query|mutation)\s+([A-Za-z_]\w*)", re.MULTILINE)


def domain_of(request: Request) -> str:
	"""The shop's, the first part of the path."""
	return request.path.split("/")[1].lower()


def operation_of(request: Request) -> str | None:
	"""The name of the GraphQL operation: the body's operationName, else the first in it."""
	content = parsed(request.body) if request.body.startswith(b"{") else None
	if not isinstance(content, dict) or not isinstance(content.get("query"), str):
		return None
	match = OPERATION.search(content["query"])
	return content.get("operationName") or (match and match[1])
