"""Question to answer: evidence, ranking, calibrated confidence, a quote or a refusal."""
