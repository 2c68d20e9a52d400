"""Other settings than the defaults, tried out on leads that a learner had still to meet."""
