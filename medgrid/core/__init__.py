"""What every part of MedGrid may use, and what knows no domain: time, text, secrets, locks, bulk writes."""
