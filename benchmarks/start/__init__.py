"""How long it takes from the start of a process to what it is started for."""
