"""How fast, how good, against whom."""
