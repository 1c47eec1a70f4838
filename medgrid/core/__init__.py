"""The modules that every part of MedGrid may use and that know no domain: time, text, secrets, locks, bulk
writes."""
