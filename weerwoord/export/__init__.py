"""Talks for reading elsewhere: which ones, with pseudonyms or without, and in what form."""
