"""A whole answer, question in and answer out, beside what looking the question up takes alone."""
