"""What sales and marketing agreed on: which kind of lead it is, what is known, and what to do now."""
