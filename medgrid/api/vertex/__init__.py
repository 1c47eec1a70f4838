"""The border of the second contract: its order of checks, and its answers to what fails."""
