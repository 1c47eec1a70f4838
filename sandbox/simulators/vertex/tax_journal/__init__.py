"""The Tax Journal: what was booked, and the calls that look it up, reverse it and take it out."""
