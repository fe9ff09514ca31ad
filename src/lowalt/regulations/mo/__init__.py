"""Law of Macao."""
