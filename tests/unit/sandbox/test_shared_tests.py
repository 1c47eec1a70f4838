"""How `python3 -m sandbox test --parallel` shares the test files out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import shared_tests
from sandbox.console import SetupError
from tools.test_durations import file_of

FILES = st.lists(st.text("abc", min_size=1, max_size=4), unique=True, max_size=30)
DURATIONS = st.dictionaries(st.text("abc", max_size=4), st.floats(0, 1000))


@given(FILES, DURATIONS, st.integers(1, 4))
def test_each_file_is_in_one_share(files, durations, shares):
	shared = shared_tests.share_out(files, durations, shares)
	assert len(shared) == shares
	assert sorted(file for share in shared for file in share) == sorted(files)
	for share in shared:
		assert share == sorted(share, key=files.index)


@given(FILES, DURATIONS)
def test_the_shares_differ_by_one_file_at_most(files, durations):
	def seconds(file):
		return durations.get(file, shared_tests.DEFAULT_SECONDS)

	loads = [sum(map(seconds, share)) for share in shared_tests.share_out(files, durations, 2)]
	assert max(loads) - min(loads) <= max(map(seconds, files), default=0) + 1e-6


def test_folders_and_ignored_folders_become_files():
	files = shared_tests._files(["tests/unit", "tests/unit/sandbox"], ["-q", "--ignore=tests/unit/core"])
	assert "tests/unit/sandbox/test_shared_tests.py" in files
	assert len(files) == len(set(files))
	assert not [file for file in files if file.startswith("tests/unit/core")]


def test_a_single_test_is_not_shared_out():
	with pytest.raises(SetupError, match="single tests run without --parallel"):
		shared_tests._files(["tests/unit/test_x.py::test_y"], [])


def test_the_file_of_a_test_case():
	assert file_of("tests.unit.sandbox.test_shared_tests") == "tests/unit/sandbox/test_shared_tests.py"
