"""What the CRM knows: the tables, how to read and check them, and a simulated one."""
