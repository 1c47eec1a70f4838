"""Which log files a name means to `python3 -m sandbox logs`."""

import pytest

from sandbox import layout, logs
from sandbox.console import SetupError

FILES = (
	"web demo.localhost",
	"web test.localhost",
	"worker 1 demo.localhost",
	"worker 2 demo.localhost",
	"worker 1 test-2.localhost",
	"sendblue simulator demo.localhost",
	"mariadb",
	"mariadb-install",
)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
	monkeypatch.setattr(layout, "LOGS", tmp_path)
	for name in FILES:
		(tmp_path / f"{name}.log").write_text(f"first of {name}\nlast of {name}\n")


@pytest.mark.parametrize(
	("name", "found"),
	[
		("web", ["web demo.localhost"]),
		("worker", ["worker 1 demo.localhost", "worker 2 demo.localhost"]),
		("worker 2", ["worker 2 demo.localhost"]),
		("Sendblue", ["sendblue simulator demo.localhost"]),
		("mariadb", ["mariadb"]),
		("install", ["mariadb-install"]),
	],
)
def test_words_of_a_name_are_enough(name, found):
	assert [path.stem for path in logs.files(name, layout.DEMO_SITE)] == found


def test_another_site_has_its_own():
	assert [path.stem for path in logs.files("web", layout.TEST_SITE)] == ["web test.localhost"]


def test_a_name_that_does_not_exist_is_answered_with_those_that_do():
	with pytest.raises(SetupError, match="there is no log 'nope'") as refused:
		logs.files("nope", layout.TEST_SITE)
	assert refused.value.advice == "There are: mariadb, mariadb-install, web"


def test_the_last_lines_are_printed(capfd):
	assert logs.show("sendblue", layout.DEMO_SITE, lines=1) == 0
	assert capfd.readouterr().out == "last of sendblue simulator demo.localhost\n"


def test_without_a_name_the_names_are_printed(capsys):
	logs.show(None, layout.DEMO_SITE)
	assert capsys.readouterr().out.splitlines() == [
		"mariadb",
		"mariadb-install",
		"sendblue simulator",
		"web",
		"worker 1",
		"worker 2",
	]
