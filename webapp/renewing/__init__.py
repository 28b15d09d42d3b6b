"""Documents stay fresh while they are served: changes are noticed, read aside, and taken up whole by every worker."""
