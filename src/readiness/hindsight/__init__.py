"""The agreement against history: what it would have done, and what became of it."""
