"""Verbatim answers questions about texts, only in the texts' own words."""

__version__ = "0.1.0"
