"""The steps; each names the one before it, and is never changed once it has shipped."""
