"""The simulated Sendblue: as strict as the real one, and as unreliable as it is told to be."""

import pytest
import requests

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.sendblue import printing
from sandbox.simulators.sendblue.remote import SendblueControl
from sandbox.simulators.sendblue.service import SERVICE

pytestmark = pytest.mark.stand_in

KEYS = {"sb-api-key-id": "key-a", "sb-api-secret-key": "secret-a"}
PHONE = "+15551234567"


@pytest.fixture
def server():
	running = SERVICE.start()
	yield running
	running.stop()


@pytest.fixture
def control(server):
	control = SendblueControl(server.url)
	control.add_account("key-a", "secret-a")
	return control


@pytest.fixture
def send(server, control):
	session = requests.Session()
	session.trust_env = False

	def post(headers=KEYS, path="/api/send-message", **content):
		content = {"number": PHONE, "content": "Hello", **content}
		return session.post(f"{server.url}{path}", json=content, headers=headers, timeout=5)

	return post


def test_a_message_is_accepted_and_kept(send, control):
	answer = send()
	assert answer.status_code == 200
	assert (answer.json()["status"], answer.json()["is_outbound"]) == ("QUEUED", True)
	assert control.sent() == [answer.json()]
	assert control.sent("+13125550142") == []


@pytest.mark.parametrize(
	"headers",
	[
		{},
		{**KEYS, "sb-api-secret-key": "wrong"},
		{"sb-api-key-id": "key-a"},
		{**KEYS, "sb-api-key-id": "key-b"},
	],
)
def test_wrong_keys_are_401_and_nothing_is_sent(send, control, headers):
	assert send(headers=headers).status_code == 401
	assert control.sent() == []


@pytest.mark.parametrize(
	("changes", "complaint"),
	[
		({"number": None}, "missing required parameter: number"),
		({"number": "555-123-4567"}, "number must be in E.164"),
		({"number": "+0123456789"}, "number must be in E.164"),
		({"content": None}, "missing required parameter: content"),
		({"content": " "}, "missing required parameter: content"),
		({"content": "x" * 18_997}, "longer than 18996"),
		({"from_number": "+19998887777"}, "none of this account's numbers"),
		({"from_number": "me"}, "from_number must be in E.164"),
	],
)
def test_what_sendblue_would_not_send_is_400(send, control, changes, complaint):
	answer = send(**changes)
	assert answer.status_code == 400
	assert complaint in answer.json()["error_message"]
	assert control.sent() == []


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"number=1"])
def test_a_body_that_is_no_json_object_is_400(server, control, body):
	headers = {**KEYS, "Content-Type": "application/json"}
	url = f"{server.url}/api/send-message"
	assert requests.post(url, data=body, headers=headers, timeout=5).status_code == 400
	assert requests.post(url, data=body, headers=KEYS, timeout=5).status_code == 400


def test_other_paths_are_404(send):
	assert send(path="/api/send").status_code == 404


def test_one_of_an_accounts_numbers_may_send(send, control):
	control.add_account("key-a", "secret-a", numbers=["+15122164639", "+16468528190"])
	assert send().json()["from_number"] == "+15122164639"
	assert send(from_number="+16468528190").json()["from_number"] == "+16468528190"


def test_more_than_the_limit_is_429_with_the_time_to_wait(send, control):
	control.add_account("key-a", "secret-a", limit=2, window_seconds=30)
	assert [send().status_code for _time in range(3)] == [200, 200, 429]
	assert 0 < float(send().headers["Retry-After"]) <= 30


def test_a_phone_that_opted_out_is_refused(send, control):
	control.opt_out("key-a", PHONE)
	assert "opted out" in send().json()["error_message"]


def test_faults_are_used_up_and_unknown_ones_refused(send, control):
	control.fault("too_many", seconds=3)
	control.fault("status", status=503)
	assert (send().headers["Retry-After"], send().status_code, send().status_code) == ("3", 503, 200)
	control.fault("drop_after")
	with pytest.raises(requests.ConnectionError):
		send()
	assert len(control.sent()) == 2
	with pytest.raises(ControlRefused, match="Unknown fault"):
		control.fault("gremlin")
	control.fault("null", times=None)
	assert [fault["kind"] for fault in control.faults()] == ["null"]
	control.clear_faults()
	assert control.faults() == []


def test_the_journal_has_no_secrets_and_prints_one_line_a_request(send, control):
	send()
	send(headers={})
	entries = control.received()
	assert [entry["status"] for entry in entries] == [200, 401]
	assert len(control.received("key-a")) == 1
	assert "secret-a" not in str(entries)
	lines = [printing.line(entry) for entry in entries]
	assert lines[0].endswith(f"key-a  POST /api/send-message  200  to {PHONE}: Hello")
	assert "(no key)" in lines[1]


def test_a_reply_reaches_the_webhook_with_the_secret(server, control):
	"""The simulator itself receives it: its journal shows what a webhook would get."""
	control.reply(PHONE, "STOP", url=f"{server.url}/hook", secret="s3cret", handle="again")
	[received] = control.received()
	body = received["body"]
	assert (body["from_number"], body["content"], body["is_outbound"]) == (PHONE, "STOP", False)
	assert body["message_handle"] == "again"


def test_what_was_received_can_be_forgotten_alone(send, control):
	send()
	control.clear_received()
	assert control.received() == []
	assert len(control.sent()) == 1


def test_reset_forgets_everything(send, control):
	send()
	control.reset()
	assert (control.sent(), control.received()) == ([], [])
	assert send().status_code == 401
