"""The second contract's requests and answers, and its Issue object for errors."""
