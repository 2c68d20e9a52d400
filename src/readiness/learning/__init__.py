"""How likely: the estimator, its baselines and what guards it."""
