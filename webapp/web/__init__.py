"""Pages and doors: the only package that knows Flask."""
