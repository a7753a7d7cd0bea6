"""Measurements: of speed beside other engines, and of the ranker, which is fitted here too."""
