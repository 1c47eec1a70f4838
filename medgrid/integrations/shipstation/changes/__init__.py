"""What happens to orders after they were sent: the Sales Order changes, is cancelled or amended, or the
vendor cancels the order in ShipStation.

`comparison` compares a Sales Order with the content that was sent, and records the differences; `events` has
the hooks and jobs that start this; `resending` sends changed orders again; `cancelling` cancels orders in
ShipStation and records those that were cancelled there, `cancelled_parts` those of which a part was;
`arrivals` finds out whether a change arrived whose answer was lost; `takeover` gives a shipped order's record
to the order that amends it.
"""
