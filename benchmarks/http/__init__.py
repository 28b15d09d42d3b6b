"""How many requests a second: the whole way of a question, against a view that returns a constant."""
