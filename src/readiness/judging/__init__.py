"""Is the model good, is it better than what we had, and can it be trusted with a claim."""
