"""Trains the reader: the cross-encoder that takes a question and a passage together."""
