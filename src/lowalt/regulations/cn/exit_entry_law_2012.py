"""The exit and entry law: the border inspection regulation asks of a flight what it asks."""
