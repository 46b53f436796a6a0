"""Measures our assistant beside the bot of `rasa init`, on the same machine, by turns."""
