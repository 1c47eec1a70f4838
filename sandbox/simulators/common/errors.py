"""What control calls refuse, in every simulator."""


class ControlRefused(Exception):
	"""A control call that makes no sense: an unknown account, shop, fault or order."""
