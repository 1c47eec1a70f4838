"""What a person does at the other side: buys a label, ships an order, replies STOP, is slow.

An operation is a function of a simulator's control client; a simulator's `operations.py` has its own and
lists them all. They are typed (`python3 -m sandbox do`) or pressed (the page at the simulator's address):

	operation.py     an operation, and what may be typed for it
	misbehaviour.py  those of every simulator: slow, down, keys that are rejected
	command.py       `python3 -m sandbox do`
	page.py          the page
"""
