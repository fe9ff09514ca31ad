"""The law as data, and our readings of it as code."""
