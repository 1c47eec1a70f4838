"""`desk` opens Desk for a person; what Desk itself lacks here is not held against MedGrid."""

import pytest

from tests.desk.desk import Desk


@pytest.fixture(scope="session")
def administrator(environment):
	"""A System Manager who may see everything that the Workspace links to."""
	from tests.support import people

	roles = ("System Manager", "Sales Manager", "Purchase Manager", "Item Manager", "Stock Manager")
	return people.person("mgt.desk.admin@example.com", *roles)


@pytest.fixture
def desk(visit, site):
	"""`desk(person)`: Desk, opened by this person."""

	def open_desk(person) -> Desk:
		visitor = visit(person)
		# The tests' web server has no socket.io beside it.
		visitor.expected_errors = [r"socket\.io"]
		visitor.other_hosts = {f"127.0.0.1:{site.conf.socketio_port or 9000}"}
		return Desk(visitor)

	return open_desk
