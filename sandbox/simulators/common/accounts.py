"""Who may call: accounts by their keys."""

from typing import Generic, TypeVar

from sandbox.simulators.common.errors import ControlRefused

Account = TypeVar("Account")


class Accounts(Generic[Account]):
	"""A simulator subclasses it: it adds accounts, and finds the one of a request."""

	def __init__(self) -> None:
		self._accounts: dict[str, Account] = {}

	def get(self, key: str) -> Account:
		if key not in self._accounts:
			raise ControlRefused(f"There is no account with the key {key!r}.")
		return self._accounts[key]

	def keys(self) -> list[str]:
		return list(self._accounts)

	def all(self) -> list[Account]:
		return list(self._accounts.values())
