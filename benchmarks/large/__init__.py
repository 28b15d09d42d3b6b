"""How large: time, memory and disk of an index as documents become many."""
