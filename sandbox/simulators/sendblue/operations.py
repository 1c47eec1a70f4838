"""What owners of phones do, and what Sendblue itself does on a bad day."""

from typing import Any

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.operations.misbehaviour import be_down, be_slow, recover, reject_keys
from sandbox.simulators.operations.operation import operations


def texts(control: Any) -> list[dict[str, str]]:
	"""The text messages that were sent."""
	return [
		{"number": message["number"], "sent": message["date_sent"], "text": message["content"]}
		for message in control.sent()
	]


def reply(control: Any, number: str = "", text: str = "STOP") -> str:
	"""A phone replies, STOP or START for instance; the webhook says so to MedGrid."""
	if not number:
		sent = control.sent()
		if not sent:
			raise ControlRefused("No phone has got a message yet: name the number, such as +12065550190.")
		number = sent[-1]["number"]
	answer = control.reply(number, text)
	return f"{number} replied {text}; MedGrid answered {answer.status_code}."


OPERATIONS = operations(texts, reply, be_slow, be_down, reject_keys, recover)
