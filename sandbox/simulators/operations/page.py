"""A page at the simulator's own address: what arrived, and a button for each operation.

Only a browser on this machine that shows this page may press one: a page of somebody else that posts here
says so in its `Origin`, and one whose name was pointed at loopback in its `Host`.
"""

from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from sandbox.simulators.common.errors import ControlRefused
from sandbox.simulators.common.messages import HTML, Answer, Request, json_answer
from sandbox.simulators.operations.operation import Operation, Result

PATH = "/"
LONGEST = 200
LOOPBACK = ("127.0.0.1", "localhost", "::1")
STYLE = """
:root { color-scheme: light dark; font: 1rem/1.5 system-ui, sans-serif }
body { max-width: 70rem; margin: 0 auto; padding: 1rem; overflow-wrap: anywhere }
.table { overflow-x: auto }
table { border-collapse: collapse; width: 100% }
th, td { padding: .4rem .6rem; text-align: start; vertical-align: top; border-bottom: 1px solid #8886 }
form { display: flex; flex-wrap: wrap; gap: .5rem; align-items: center; margin: .5rem 0 }
td form { display: inline-flex; margin: 0 }
label { max-width: 100% }
input, button { font: inherit; padding: .3rem .6rem; min-height: 2rem }
input, button { box-sizing: border-box; max-width: 100% }
.said { border: 1px solid #8886; border-inline-start: .4rem solid #2a7; padding: .5rem 1rem }
.said.failed { border-inline-start-color: #c33 }
"""


def is_from_here(request: Request) -> bool:
	"""Whether a program or a page of this machine sent it: not a page of the web in the reader's browser."""
	if _name(f"//{request.headers.get('Host', '')}") not in LOOPBACK:
		return False
	origin = request.headers.get("Origin")
	return origin is None or origin == f"http://{request.headers.get('Host')}"


def answer(title: str, operations: dict[str, Operation], control: Any, request: Request) -> Answer:
	"""
	:param title: the simulator's name.
	:param control: a client of the simulator that the page is of.
	"""
	if not is_from_here(request):
		return json_answer({"error": "This page is for this machine only."}, 403)
	if request.method == "POST":
		return _pressed(operations, control, request)
	said = {name: request.query.get(name, "") for name in ("said", "failed")}
	return Answer(200, _page(title, operations, control, said).encode(), HTML)


def _pressed(operations: dict[str, Operation], control: Any, request: Request) -> Answer:
	"""Sends the browser back to the page, so that loading it again presses nothing."""
	values = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
	try:
		operation = operations.get(name := values.pop("operation", ""))
		if not operation:
			raise ControlRefused(f"There is no operation {name!r}.")
		said = {"said": str(operation.run(control, values))}
	except ControlRefused as error:
		said = {"failed": str(error)}
	return Answer(303, content_type=HTML, headers={"Location": f"{PATH}?{urlencode(said)}"})


def _page(title: str, operations: dict[str, Operation], control: Any, said: dict[str, str]) -> str:
	acts = [operation for operation in operations.values() if not operation.is_list]
	tables = [_table(each, each.run(control, {}), acts) for each in operations.values() if each.is_list]
	forms = [_form(operation, operation.parameters) for operation in acts]
	faults = [fault["kind"] for fault in control.faults()]
	return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
<h1>{escape(title)}</h1>
<p>A simulator of MedGrid's sandbox. The same from a prompt: <code>python3 -m sandbox do</code></p>
{_said(said)}
<p>It {f"misbehaves on request: {escape(', '.join(faults))}" if faults else "works as it should"}.</p>
{"".join(tables)}
<h2>What can be done</h2>
<p>A field that is left empty means the newest one.</p>
{"".join(forms)}
</main>
</body>
</html>
"""


def _said(said: dict[str, str]) -> str:
	if said["failed"]:
		return f'<p class="said failed" role="alert">{escape(said["failed"])}</p>'
	return f'<p class="said" role="status">{escape(said["said"])}</p>' if said["said"] else ""


def _table(operation: Operation, rows: Result, acts: list[Operation]) -> str:
	"""The rows, the newest first, each with a button for what can be done with it."""
	heading = f"<h2>{escape(operation.about)}</h2>"
	if not rows or isinstance(rows, str):
		return f"{heading}<p>Nothing yet.</p>"
	names = list(rows[0])
	own = [act for act in acts if next(iter(act.parameters), None) == names[0]]
	head = "".join(f'<th scope="col">{escape(name)}</th>' for name in names)
	body = "".join(_row(row, own) for row in reversed(rows[-LONGEST:]))
	more = f"<p>The newest {LONGEST} of {len(rows)}.</p>" if len(rows) > LONGEST else ""
	return f"""{heading}{more}
<div class="table" tabindex="0" role="region" aria-label="{escape(operation.about)}"><table>
<thead><tr>{head}<th scope="col">actions</th></tr></thead>
<tbody>{body}</tbody></table></div>"""


def _row(row: dict[str, str], acts: list[Operation]) -> str:
	first = next(iter(row.values()))
	cells = "".join(f"<td>{escape(value)}</td>" for value in row.values())
	buttons = ""
	for act in acts:
		fields = "".join(
			f'<input type="hidden" name="{escape(name)}" value="{escape(row[name])}">'
			for name in act.parameters
			if name in row
		)
		buttons += f'<form method="post" action="{PATH}">{fields}{_button(act, first)}</form> '
	return f"<tr>{cells}<td>{buttons}</td></tr>"


def _form(operation: Operation, parameters: dict[str, str]) -> str:
	fields = ""
	for name, default in parameters.items():
		field = f'<input name="{escape(name)}" value="{escape(default)}">'
		fields += f"<label>{escape(name.replace('_', ' '))} {field}</label>"
	return (
		f'<form method="post" action="{PATH}">{fields}{_button(operation)} {escape(operation.about)}</form>\n'
	)


def _button(operation: Operation, of: str = "") -> str:
	word = escape(operation.name.replace("-", " ").capitalize())
	label = f' aria-label="{word}: {escape(of)}"' if of else ""
	return f'<button name="operation" value="{escape(operation.name)}"{label}>{word}</button>'


def _name(address: str) -> str | None:
	try:
		return urlsplit(address).hostname
	except ValueError:
		return None
