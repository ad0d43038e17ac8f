"""Texts read into values, with every problem of every text told at once."""
