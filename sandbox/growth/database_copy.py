"""A copy of a site's database. This process works in it as long as it likes; the site stays as it is."""

from collections.abc import Iterator
from contextlib import contextmanager

import frappe


@contextmanager
def database_copy(root_password: str, suffix: str = "_growth", *, keep: bool = False) -> Iterator[str]:
	"""Copies all tables of the current site, and points `frappe.db` to the copy.

	:param root_password: of MariaDB's root, who may make databases.
	:param keep: whether the copy stays.
	:returns: the name of the copy.
	"""
	import MySQLdb

	conf = frappe.conf
	enqueue = frappe.enqueue
	own, copy = conf.db_name, f"{conf.db_name}{suffix}"
	server = {"host": conf.db_host, "port": int(conf.db_port)}
	root = MySQLdb.connect(**server, user="root", passwd=root_password, autocommit=True)
	try:
		run = root.cursor().execute
		run(f"DROP DATABASE IF EXISTS `{copy}`")
		run(f"CREATE DATABASE `{copy}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")
		user, _at, host = frappe.db.sql("SELECT CURRENT_USER()")[0][0].rpartition("@")
		run(f"GRANT ALL PRIVILEGES ON `{copy}`.* TO `{user}`@`{host}`")
		cursor = root.cursor()
		cursor.execute(
			"SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = %s", [own]
		)
		for table, kind in cursor.fetchall():
			if kind == "BASE TABLE":
				run(f"CREATE TABLE `{copy}`.`{table}` LIKE `{own}`.`{table}`")
				run(f"INSERT INTO `{copy}`.`{table}` SELECT * FROM `{own}`.`{table}`")
			elif kind == "SEQUENCE":
				run(f"CREATE SEQUENCE `{copy}`.`{table}` NOCACHE START WITH 1000000")
		frappe.db.rollback()
		frappe.db.use(copy)
		frappe.db.value_cache.clear()
		# The workers are the site's: they know nothing of the copy.
		frappe.enqueue = lambda *arguments, **options: None
		yield copy
	finally:
		frappe.enqueue = enqueue
		frappe.db.rollback()
		frappe.db.use(own)
		frappe.db.value_cache.clear()
		if not keep:
			root.cursor().execute(f"DROP DATABASE IF EXISTS `{copy}`")
		root.close()
