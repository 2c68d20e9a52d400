"""Who may ask for what: one table of rights, keys, people behind a proxy, and how much each may ask."""
