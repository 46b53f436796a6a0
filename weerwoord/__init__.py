"""Weerwoord: a rehearsal partner for networking conversations in Dutch."""

from weerwoord.kernels import choose_kernels

choose_kernels()
