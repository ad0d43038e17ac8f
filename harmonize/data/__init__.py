"""Data files of the package: the vocabulary and the standard measures, each with its source."""
