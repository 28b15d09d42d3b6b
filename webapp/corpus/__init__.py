"""Seeds to documents: files are read, checked and cut into passages with true offsets."""
