"""From flight plans on the globe to tracks on a plane, with a stated error."""
