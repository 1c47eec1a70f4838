"""The patches from release 0.1 to 1.0."""
