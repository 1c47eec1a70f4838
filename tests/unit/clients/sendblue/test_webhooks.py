"""The word that somebody replied to a text message."""

import pytest

from medgrid.clients.sendblue.webhooks import InboundMessage


def _message(content) -> InboundMessage:
	return InboundMessage.model_validate(
		{"message_handle": "m-1", "from_number": "+13125550111", "content": content}
	)


@pytest.mark.parametrize(
	"content", ["STOP", "stop", " Stop. ", "“stop”", "¡Stop!", "\n(stop)\t", "stop\u200b"]
)
def test_a_word_is_read_without_what_is_around_it(content):
	assert _message(content).word == "STOP"


@pytest.mark.parametrize("content", ["please stop", "stop it", "don't stop", "s.top"])
def test_a_sentence_with_the_word_is_not_the_word(content):
	assert _message(content).word != "STOP"


@pytest.mark.parametrize("content", [None, "", " ", "…", 7, ["STOP"]])
def test_no_words_are_no_word(content):
	assert _message(content).word == ""


def test_other_fields_are_ignored():
	body = {"message_handle": "m-1", "from_number": "x", "content": "stop", "status": {"a": [1]}}
	assert InboundMessage.model_validate(body).word == "STOP"
