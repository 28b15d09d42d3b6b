"""A worker of gunicorn's: one thread answers what comes, another takes over when a request holds it up."""
