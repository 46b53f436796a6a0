"""The command `weerwoord`."""
