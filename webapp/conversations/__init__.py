"""What was said: the only package that knows SQLAlchemy."""
