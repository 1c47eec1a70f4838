"""Calculates the taxes of a sale that a shop asks about. Design (Vertex): section 2.6."""
