"""Other people's systems, played by real HTTP servers on loopback.

A simulator behaves like the system that it stands for, as far as MedGrid uses it: it authenticates,
validates, limits and pages, and it keeps what it was sent. It also misbehaves on request (lost answers, 429
storms, half a body), which the real system does only when nobody is watching. The demo, the tests and the
benchmarks talk to it through the same client code that talks to the real one; only the URL differs.

	python -m sandbox.simulators shopify --port 9101
	python -m sandbox.simulators shopify --print http://127.0.0.1:9101

`SERVICE.start(port)` in a simulator's `service.py` runs it in a thread. The class in its `remote.py`, given
the URL, steers a running one over the paths below `/_control/`: it adds accounts, orders faults, and reads
what arrived. Everything else is the public API. State is in memory; with `--memory FILE` it is in
a file as well, and the next process goes on from it.

`table.py` lists the simulators; `common/` is what they share, and says how another one is added.
"""
