"""A walk through everything that people can do with the bot, at the stand-in for Discord."""
