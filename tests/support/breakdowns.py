"""Code that fails with a secret, or a person's words, wherever Python keeps something of a failure."""


class Broken(Exception):
	"""What no code expects."""


def break_down(monkeypatch, target: str, canary: str) -> None:
	"""A function fails with the secret in its message, in its variables, and in the exception before it."""

	def fail(*arguments, **options):
		plain = {"value": canary, "nested": [canary], "arguments": repr(arguments)}
		try:
			raise ValueError(f"no {plain}")
		except ValueError as error:
			raise Broken(f"Invalid header value b'{canary}'\nin {plain}") from error

	monkeypatch.setattr(target, fail)
