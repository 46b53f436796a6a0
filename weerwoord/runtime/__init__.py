"""How Weerwoord runs: Rasa's server with our parts in it, and what starts and stops it."""
