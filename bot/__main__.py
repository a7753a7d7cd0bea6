"""Lets `python -m bot` stand for the command `verbatim`."""

from bot.cli.main import main

if __name__ == "__main__":
    main()
