"""What the airspace is: zones, their provenance, and the dataset that indexes them."""
