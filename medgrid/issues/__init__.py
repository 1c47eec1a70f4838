"""Integration Issue: the one way in which MedGrid says that something fails, for whom, and who has to act.

Whoever finds a failure calls `records.open_issue`, and `records.settle_issue` once the same thing works. Text
messages, notifications in Desk, the portal and the Workspace read these records.
"""
