"""A private MariaDB: own data folder, own port on loopback, own root password."""

import os
import shutil
import subprocess

from sandbox import layout, ports, state
from sandbox.console import SetupError
from sandbox.services import processes

NAME = "mariadb"
DATA = layout.HOME / "mariadb" / "data"
INIT_FILE = layout.HOME / "mariadb" / "init.sql"
# A folder of its own: a starting mariadbd removes every `#sql-temptable-*` file from its temporary folder, so
# two that share one break each other's queries.
TEMPORARY = layout.HOME / "mariadb" / "tmp"
# The data folder holds this once mariadb-install-db has come to its end.
COMPLETE = DATA.parent / "complete"


def create() -> None:
	"""Makes the data folder anew; one that was left half-made is thrown away."""
	shutil.rmtree(DATA, ignore_errors=True)
	DATA.mkdir(parents=True)
	TEMPORARY.mkdir(exist_ok=True)
	log = layout.LOGS / "mariadb-install.log"
	with log.open("wb") as output:
		done = subprocess.run(
			[
				"mariadb-install-db",
				"--no-defaults",
				f"--datadir={DATA}",
				f"--tmpdir={TEMPORARY}",
				"--auth-root-authentication-method=normal",
				"--skip-test-db",
				*_as_root(),
			],
			stdout=output,
			stderr=subprocess.STDOUT,
		)
	if done.returncode:
		raise SetupError("mariadb-install-db could not make the data folder", log)
	COMPLETE.touch()


def exists() -> bool:
	return COMPLETE.exists()


def start() -> None:
	port = state.port(NAME)
	if not processes.pid_of(NAME) and ports.is_open(port):
		port = state.move_port(NAME)
	_write_init_file()
	TEMPORARY.mkdir(exist_ok=True)
	command = _command(port)
	processes.start(NAME, command, port=port, version=" ".join(command))


def _command(port: int) -> list[str]:
	return [
		"mariadbd",
		"--no-defaults",
		f"--datadir={DATA}",
		f"--tmpdir={TEMPORARY}",
		# Relative to the data folder: a socket's path may have no more than 107 characters.
		"--socket=mariadb.sock",
		f"--port={port}",
		"--bind-address=127.0.0.1",
		f"--init-file={INIT_FILE}",
		"--skip-name-resolve",
		"--character-set-server=utf8mb4",
		"--collation-server=utf8mb4_unicode_ci",
		"--innodb-buffer-pool-size=512M",
		"--innodb-flush-log-at-trx-commit=2",
		"--max-allowed-packet=64M",
		# ON is MariaDB's default from 11.6 on. Loose: releases before 10.6.18 do not know it.
		f"--loose-innodb-snapshot-isolation={os.environ.get('SANDBOX_SNAPSHOT_ISOLATION', 'ON')}",
		*_as_root(),
	]


def root_password() -> str:
	return state.password("mariadb root")


def _write_init_file() -> None:
	"""Root's password, set at every start: the account exists without one until the first."""
	statements = []
	for host in ("localhost", "127.0.0.1"):
		statements.append(f"CREATE USER IF NOT EXISTS 'root'@'{host}';")
		statements.append(f"GRANT ALL PRIVILEGES ON *.* TO 'root'@'{host}' WITH GRANT OPTION;")
		statements.append(f"ALTER USER 'root'@'{host}' IDENTIFIED BY '{root_password()}';")
	INIT_FILE.touch(mode=0o600)
	INIT_FILE.write_text("\n".join(statements) + "\n")


def _as_root() -> list[str]:
	# mariadbd refuses to run as root unless it is told to.
	return ["--user=root"] if os.geteuid() == 0 else []
