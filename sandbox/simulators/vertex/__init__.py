"""Vertex O Series: tokens, tax calculation (REST v2), the Tax Journal, and an identity server.

Packages: `access` (clients, companies, tokens, the identity server), `supplies` (a request is read, placed
into tax areas, taxed and answered), `tax_journal` (what is booked: exists, reversal, deletion). The modules
are those of every simulator.

The tax areas and their rates are near real ones and nobody's to file. Stricter than Vertex: it refuses
members that the specification does not have, empty texts and null everywhere, members that would change the
tax and that it does not act on (overrides, children, `freight`), and companies that nobody added.
"""
