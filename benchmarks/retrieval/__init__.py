"""How fast one question is looked up, against whom: build, disk, memory, opening and asking, at four sizes."""
