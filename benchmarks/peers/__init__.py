"""What others use, in an environment of its own made from names, versions and hashes."""
