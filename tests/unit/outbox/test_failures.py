"""Whose failure it is: the order's or the account's."""

import pytest

from medgrid.http_client import errors
from medgrid.outbox.failures import MOST_IN_A_ROW, FailuresInARow, is_of_document

OF_DOCUMENT = [
	errors.RequestRejected("no such store", status=400),
	errors.ResourceNotFound(status=404),
	errors.UnexpectedResponse("not JSON"),
	errors.InvalidRecord("no id"),
	errors.ServiceUnavailable(status=500),
	errors.ServiceUnavailable(),
	errors.OutcomeUnknown(),
]
OF_ACCOUNT = [
	errors.CredentialsRejected(status=401),
	errors.PaymentRequired(status=402),
	errors.RateLimited(status=429),
	errors.NotSent("no connection"),
	errors.DeadlineExceeded(),
	errors.IntegrationError("whatever"),
]


@pytest.mark.parametrize("error", OF_DOCUMENT, ids=lambda error: type(error).__name__)
def test_a_documents_failure_stops_no_other_one(error):
	assert is_of_document(error)
	FailuresInARow().note(error)


@pytest.mark.parametrize("error", OF_ACCOUNT, ids=lambda error: type(error).__name__)
def test_an_accounts_failure_stops_the_queue(error):
	assert not is_of_document(error)
	with pytest.raises(type(error)):
		FailuresInARow().note(error)


def test_a_system_that_fails_at_three_documents_in_a_row_is_down():
	in_a_row = FailuresInARow()
	for _number in range(MOST_IN_A_ROW - 1):
		in_a_row.note(errors.ServiceUnavailable(status=500))
	with pytest.raises(errors.ServiceUnavailable):
		in_a_row.note(errors.ServiceUnavailable(status=502))


@pytest.mark.parametrize("answer", [None, errors.RequestRejected(), errors.UnexpectedResponse()])
def test_any_answer_in_between_shows_that_the_system_works(answer):
	in_a_row = FailuresInARow()
	for _number in range(10):
		in_a_row.note(errors.ServiceUnavailable(status=500))
		in_a_row.note(errors.ServiceUnavailable(status=500))
		if answer:
			in_a_row.note(answer)
		else:
			in_a_row.note_answer()
