"""How good: the peers on the same question sets in the same run, and the training of the ranker."""
