"""A model in use held against the leads that came since it learned."""
