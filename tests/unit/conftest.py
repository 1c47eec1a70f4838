"""For the tests of pure code: no site, no Frappe. Hypothesis finds no fault with a slow machine.

Each run has other examples, so few are enough for one; `--hypothesis-profile=thorough` has many, for who
changes what such a test holds.
"""

from hypothesis import settings

settings.register_profile("medgrid", deadline=None, max_examples=40)
settings.register_profile("thorough", deadline=None, max_examples=1000)
settings.load_profile("medgrid")
