"""Integration Issue: MedGrid's only record of failures, with whom they concern and who must act.

Code that finds a failure calls `records.open_issue`; when the same action succeeds again, it calls
`records.settle_issue`. Text messages, notifications in Desk, the portal and the Workspace read these records.
"""
