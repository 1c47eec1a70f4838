"""What the lock probe reads in statements."""

import pytest

from tests.support.statements import ends_transaction, may_lock_rows, opens_snapshot, rows_locked_by


@pytest.mark.parametrize(
	("statement", "rows"),
	[
		(
			"UPDATE `tabItem` SET `a`='x WHERE y' WHERE `name`='1'",
			"SELECT 1 FROM `tabItem` WHERE `name`='1' FOR UPDATE NOWAIT",
		),
		(
			"update `tabItem` set `a`=CASE WHEN (`b`=1) THEN 'set' ELSE `a` END where name in ('1','2')",
			"SELECT 1 FROM `tabItem` where name in ('1','2') FOR UPDATE NOWAIT",
		),
		("UPDATE `tabItem` SET `a`='it\\'s' ", "SELECT 1 FROM `tabItem`  FOR UPDATE NOWAIT"),
		(
			"DELETE FROM `tabItem` WHERE `a`='from' LIMIT 3",
			"SELECT 1 FROM `tabItem` WHERE `a`='from' LIMIT 3 FOR UPDATE NOWAIT",
		),
		("SELECT `a` FROM `tabItem` FOR UPDATE", "SELECT `a` FROM `tabItem` FOR UPDATE NOWAIT"),
		("SELECT `a` FROM `tabItem` WHERE b='for update'", None),
		("INSERT INTO `tabItem` (`a`) VALUES ('UPDATE')", None),
		("COMMIT", None),
	],
)
def test_the_rows_that_a_statement_locks(statement, rows):
	assert rows_locked_by(statement) == rows
	assert may_lock_rows(statement) is bool(rows)


@pytest.mark.parametrize(
	"text", ["UPDATE `tabItem` SET `a`=%s WHERE `name`=%s", "select name from x where a=%(a)s for update\n"]
)
def test_a_statement_that_may_lock_rows_is_known_without_its_values(text):
	assert may_lock_rows(text)


@pytest.mark.parametrize(
	("statement", "opens"),
	[
		("SELECT `a` FROM `tabItem`", True),
		("SELECT name FROM `tabItem` WHERE a='for update'", True),
		("SELECT `value` FROM `tabSingles`", True),
		("SELECT `a` FROM `tabItem` FOR UPDATE", False),
		("SELECT 1", False),
		("SELECT table_name FROM information_schema.tables", False),
		("UPDATE `tabItem` SET a=1", False),
	],
)
def test_the_reads_that_fix_what_a_transaction_sees(statement, opens):
	assert opens_snapshot(statement) is opens


@pytest.mark.parametrize("statement", ["commit", "ROLLBACK", "START TRANSACTION ", "alter table x"])
def test_the_ends_of_a_transaction(statement):
	assert ends_transaction(statement)


@pytest.mark.parametrize("statement", ["rollback to savepoint x", "savepoint x", "select 1", "insert into x"])
def test_what_leaves_a_transaction_open(statement):
	assert not ends_transaction(statement)
