"""Weerwoord: a rehearsal partner for networking conversations in Dutch."""
