"""Documents to hits: two levels of TF-IDF, fitted with scikit-learn and served from arrays."""
