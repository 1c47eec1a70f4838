"""Bodies, read from memory."""

import gzip
import io

import pytest

from medgrid.http_client.bodies import BodyIncomplete, BodyReader, BodyRefused


def read(body: bytes, most: int = 1000, **headers: str) -> bytes:
	named = {name.replace("_", "-"): value for name, value in headers.items()}
	return BodyReader(io.BytesIO(body).read, named, most).read()


def test_a_plain_body_and_a_compressed_one_are_read_alike():
	assert read(b"hello") == read(gzip.compress(b"hello"), content_encoding="gzip") == b"hello"


def test_the_limit_holds_for_what_comes_and_for_what_it_unpacks_to():
	assert read(b"x" * 1000) == b"x" * 1000
	with pytest.raises(BodyRefused, match="more than 1000 bytes"):
		read(b"x" * 1001)
	with pytest.raises(BodyRefused, match="more than 1000 bytes"):
		read(gzip.compress(bytes(1001)), content_encoding="gzip")
	assert read(gzip.compress(bytes(1000)), content_encoding="gzip") == bytes(1000)


def test_a_length_that_is_too_large_is_refused_before_reading():
	def fail(_size):
		raise AssertionError("it was read")

	with pytest.raises(BodyRefused):
		BodyReader(fail, {"content-length": "1001"}, 1000).read()


@pytest.mark.parametrize("written", ["", "-1", "ten", "²", "1e3"])
def test_a_length_that_is_no_number_says_nothing(written):
	assert read(b"hello", content_length=written) == b"hello"


def test_a_body_that_ends_early_is_incomplete():
	with pytest.raises(BodyIncomplete):
		read(b"hell", content_length="5")
	with pytest.raises(BodyIncomplete):
		read(gzip.compress(b"hello")[:-3], content_encoding="gzip")


@pytest.mark.parametrize("coding", ["br", "deflate", "gzip, gzip", "nonsense"])
def test_only_what_was_asked_for_is_decoded(coding):
	with pytest.raises(BodyRefused, match="not requested"):
		read(b"hello", content_encoding=coding)


def test_what_follows_a_compressed_body_is_not_part_of_it():
	assert read(gzip.compress(b"hello") + b"more", content_encoding="gzip") == b"hello"


def test_the_bytes_are_counted_as_they_came():
	body = gzip.compress(bytes(900))
	reader = BodyReader(io.BytesIO(body).read, {"content-encoding": "gzip"}, 1000)
	assert len(reader.read()) == 900
	assert reader.bytes_received == len(body)
