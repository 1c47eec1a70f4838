"""The check of a request's body. Contract: "HTTP Methods" ("Body must be JSON")."""

import json


def is_broken_json(request) -> bool:
	"""Whether a body is declared as JSON but is not a JSON object.

	Frappe answers a malformed body with 417 or 500, and treats an array as a call without parameters.

	:param request: werkzeug's.
	"""
	text = request.get_data(as_text=True)
	if not text or not request.is_json:
		return False
	try:
		content = json.loads(text)
		if "\\u" in text:
			# An escaped half of a surrogate pair is valid JSON, but no text that can be stored.
			json.dumps(content, ensure_ascii=False).encode()
	except (ValueError, RecursionError):
		return True
	return not isinstance(content, dict)
