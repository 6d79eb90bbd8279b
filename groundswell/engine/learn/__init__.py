"""Classifiers of texts that learn from rows with labels: hashed features, linear models, corrections that stay."""
