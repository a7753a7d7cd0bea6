"""Fits the reader: the small model that sees a question and a passage together."""
