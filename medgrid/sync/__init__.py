"""Syncs with other systems: at most one run of each sync at a time, each run is recorded, and a long run
continues as a background job.

`runs` writes the DocType Sync Run, `history` reads it, and `running` says what is in progress; `engine`
carries out a `Sync`; the features define their syncs.
"""
