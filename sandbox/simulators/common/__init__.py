"""What simulators share: HTTP on loopback, faults, a journal, and control calls with their client.

A simulator of another service is a package beside this one, and a row in `sandbox/simulators/table.py`:

	errors.py     what the service refuses: subclasses of `errors.Refused`, with its statuses and bodies
	simulator.py  the state and the rules: a subclass of `simulator.Simulator` with `_clear` (its own state),
	              `_handle(request)` (an answer, or raises Refused), and `_details` (what the journal notes)
	faults.py     its faults: a subclass of `faults.Fault`, named in the Simulator's `fault_type`
	control.py    its commands: a subclass of `control.Control` whose public methods they are
	remote.py     a subclass of `remote.RemoteControl` that names the Control in `commands`
	printing.py   `line(entry)`: an entry of the journal for people
	operations.py what people do there, typed or pressed: see `operations/`
	service.py    SERVICE = Service("VertexSimulator", Simulator, VertexControl, printing.line, OPERATIONS)

`accounts.Accounts` keeps accounts by their keys. Sendblue is the smallest example.
"""
