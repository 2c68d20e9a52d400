"""Files of leads that are assessed beside single requests, part by part, and survive a restart."""
