"""What an author should look at in documents that can be read."""
