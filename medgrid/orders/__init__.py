"""What all features read of a Sales Order, and the fields that MedGrid keeps on it."""
