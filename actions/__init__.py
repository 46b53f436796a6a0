"""Custom actions: each reads the tracker, calls a pure function of `weerwoord`, returns events and responses."""
