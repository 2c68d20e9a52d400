"""The audit: one entry an answer, each tied to the one before it; in files first, in the database behind."""
