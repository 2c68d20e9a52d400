"""Speed and quality beside peers (`make bench`), and long evidence (`make prove`)."""
