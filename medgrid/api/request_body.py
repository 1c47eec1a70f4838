"""What a request's body may be. Contract: "HTTP Methods" ("Body must be JSON")."""

import json


def is_broken_json(request) -> bool:
	"""Whether a body that says it is JSON holds anything but one JSON object.

	Frappe answers a malformed one with 417 or 500, and takes an array for no parameters at all.

	:param request: werkzeug's.
	"""
	text = request.get_data(as_text=True)
	if not text or not request.is_json:
		return False
	try:
		content = json.loads(text)
		if "\\u" in text:
			# Half a surrogate pair, escaped, is JSON, and no text that anything could store.
			json.dumps(content, ensure_ascii=False).encode()
	except (ValueError, RecursionError):
		return True
	return not isinstance(content, dict)
