"""Set-up does a step once, again when its inputs change, and resumes after a failure."""

import pytest

from sandbox.console import SetupError
from sandbox.fingerprint import fingerprint
from sandbox.setup import steps

pytestmark = pytest.mark.stand_in


@pytest.fixture
def calls(tmp_path, monkeypatch):
	monkeypatch.setattr(steps, "FOLDER", tmp_path / "done")
	monkeypatch.setattr(steps.layout, "LOGS", tmp_path)
	return []


def once(calls, inputs, fail=False):
	def action():
		calls.append(inputs)
		if fail:
			raise SetupError("it broke")

	steps.once("A step", action, key="step", inputs=inputs)


def test_a_step_is_done_once_for_the_same_inputs(calls):
	once(calls, "a")
	once(calls, "a")
	assert calls == ["a"]


def test_changed_inputs_mean_doing_it_again(calls):
	once(calls, "a")
	once(calls, "b")
	assert calls == ["a", "b"]


def test_a_failed_step_is_tried_again_even_with_inputs_it_was_once_done_with(calls):
	once(calls, "a")
	with pytest.raises(SetupError):
		once(calls, "b", fail=True)
	once(calls, "a")
	assert calls == ["a", "b", "a"]


def test_a_failed_command_names_its_log_and_what_to_do(calls, tmp_path):
	with pytest.raises(SetupError, match="it did not work") as caught:
		steps.run(["sh", "-c", "echo the reason; exit 3"], log="thing", failure="it did not work")
	assert caught.value.log is not None
	assert caught.value.log.read_text() == "the reason\n"
	assert "run the same command again" in caught.value.advice


def test_the_fingerprint_follows_content_and_names_but_not_byte_code(tmp_path):
	(tmp_path / "a.py").write_text("1")
	first = fingerprint(tmp_path)
	(tmp_path / "__pycache__").mkdir()
	(tmp_path / "__pycache__" / "a.pyc").write_text("x")
	assert fingerprint(tmp_path) == first
	(tmp_path / "a.py").write_text("2")
	second = fingerprint(tmp_path)
	(tmp_path / "a.py").rename(tmp_path / "b.py")
	assert len({first, second, fingerprint(tmp_path)}) == 3
