"""Other people's systems, played by real HTTP servers on loopback.

A simulator behaves like the system that it stands for, as far as MedGrid uses it: it authenticates,
validates, limits and pages, and it keeps what it was sent. It also misbehaves on request (lost answers, 429
storms, half a body), which the real system does only when nobody is watching. The demo, the tests and the
benchmarks talk to it through the same client code that talks to the real one; only the URL differs.

Each simulator is a package that is started with `python -m sandbox.simulators.<name> --port PORT`.
"""
