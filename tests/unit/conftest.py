"""For the tests of pure code: no site, no Frappe. Hypothesis finds no fault with a slow machine."""

from hypothesis import settings

settings.register_profile("medgrid", deadline=None)
settings.load_profile("medgrid")
