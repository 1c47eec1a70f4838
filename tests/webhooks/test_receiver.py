"""The one receiver, over HTTP, with each of its sources. Contract: "Webhook Error Response"."""

from concurrent.futures import ThreadPoolExecutor

from tests.support import limits
from tests.support.http import error, message

UNAUTHENTICATED = {"status": "error", "code": "INVALID_TOKEN", "message": "Authentication failed"}
NOT_PROCESSED = {"Unknown Order", "Ignored"}


def test_a_webhook_is_carried_out_recorded_and_answered(sender):
	sender.prepare()
	assert message(sender.send()) == sender.answer
	assert sender.is_done()
	[event] = sender.events()
	assert event.outcome not in {*NOT_PROCESSED, "Failed"}
	assert len(event.event_id) == 64
	assert event.received_at


def test_a_wrong_signature_is_401_counted_and_not_recorded(sender):
	sender.prepare()
	used = limits.used(sender.limit)
	answer = sender.forge()
	assert (answer.status_code, answer.json()) == (401, UNAUTHENTICATED)
	assert limits.used(sender.limit) == used + 1
	assert not sender.is_done()
	assert sender.events() == []


def test_wrong_signatures_are_limited_and_right_ones_never(sender):
	sender.prepare()
	limits.use_up(sender.limit, 300)
	used = limits.used(sender.limit)
	error(sender.forge(), 429, "RateLimitExceededError")
	message(sender.send())
	assert sender.is_done()
	assert limits.used(sender.limit) == used


def test_a_repetition_gets_the_same_answer_and_is_not_carried_out(once_sender):
	once_sender.prepare()
	first = once_sender.send()
	assert once_sender.is_done()
	once_sender.undo()
	recorded = once_sender.events()
	assert message(once_sender.send()) == message(first)
	assert not once_sender.is_done()
	assert once_sender.events() == recorded


def test_what_is_always_carried_out_stays_one_record_with_the_time_of_the_last(vendors_sender):
	vendors_sender.prepare()
	message(vendors_sender.send())
	assert vendors_sender.is_done()
	[first] = vendors_sender.events()
	vendors_sender.undo()
	assert not vendors_sender.is_done()
	message(vendors_sender.send())
	assert vendors_sender.is_done()
	[last] = vendors_sender.events()
	assert (last.name, last.outcome) == (first.name, "Disconnected")
	assert last.received_at > first.received_at
	message(vendors_sender.send())
	assert vendors_sender.events() == [last]


def test_a_repetition_of_what_was_not_processed_is_carried_out(sender):
	message(sender.send())
	[first] = sender.events()
	assert first.outcome in NOT_PROCESSED
	sender.prepare()
	assert not sender.is_done()
	assert message(sender.send()) == sender.answer
	assert sender.is_done()
	[last] = sender.events()
	assert last.name == first.name
	assert last.outcome not in {*NOT_PROCESSED, "Failed"}
	assert not last.error


def test_twins_are_carried_out_once_and_get_one_answer(sender):
	sender.prepare()
	with ThreadPoolExecutor(5) as pool:
		answers = list(pool.map(lambda _number: message(sender.send()), range(5)))
	assert answers == [sender.answer] * 5
	assert sender.is_done()
	assert len(sender.events()) == 1


def test_twins_that_cannot_be_processed_are_one_record(sender):
	with ThreadPoolExecutor(5) as pool:
		answers = list(pool.map(lambda _number: sender.send().status_code, range(5)))
	assert answers == [200] * 5
	assert set(sender.outcomes()) <= NOT_PROCESSED
	assert len(sender.events()) == 1


def test_a_body_that_is_too_large_is_413_before_its_signature_is_looked_at(sender):
	body = b'{"padding": "' + b"x" * sender.max_bytes + b'"}'
	sentence = error(sender.send(body), 413, "RequestTooLargeError")
	assert sentence == f"The request's body is too large: at most {sender.max_bytes} bytes."
	assert sender.events() == []


def test_a_body_of_nearly_that_size_is_received(sender):
	body = b'{"padding": "' + b"x" * (sender.max_bytes - 20) + b'"}'
	message(sender.send(body))
	assert len(sender.events()) == 1


def test_the_topic_is_not_signed_one_body_under_many_is_one_record(sender):
	sender.prepare()
	for topic in ("products/update", "<script>", "x" * 5000, ""):
		message(sender.send(X_Shopify_Topic=topic))
	events = sender.events()
	assert len(events) == 1
	assert "<" not in str(events)


def test_what_is_signed_and_not_readable_is_acknowledged_and_recorded_without_its_values(sender):
	for _twice in range(2):
		message(sender.send(sender.unreadable))
	[event] = sender.events()
	assert event.outcome == "Failed"
	assert event.error
	assert "+1312555" not in str(event)


def test_a_record_holds_nothing_of_the_body_but_what_it_was_about(sender):
	sender.prepare()
	message(sender.send())
	assert "+1312555" not in str(sender.events())
	assert "1Z999" not in str(sender.events())
