"""Modules that `weerwoord.runtime.slim` puts in the place of modules of Rasa; each is loaded under the other's name."""
