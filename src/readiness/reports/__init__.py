"""What people read: about a model, and about the data. Summarise → render → write.

Import the module that is meant: what draws a model's charts needs libraries that a look at the data does not.
"""
