"""One reader a file format; each turns bytes into documents and problems."""
