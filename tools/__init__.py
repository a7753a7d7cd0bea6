"""Commands for developers: `python -m tools.NAME`, or by their `make` targets."""
