"""Law of Hong Kong."""
