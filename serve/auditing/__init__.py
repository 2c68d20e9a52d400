"""What is done with the audit: it is written, moved to the database, verified, and answered from again."""
