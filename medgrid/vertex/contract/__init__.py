"""The second contract's requests and answers, and its object for everything that fails."""
