"""What was known when: the only part that compares events with cutoffs."""
