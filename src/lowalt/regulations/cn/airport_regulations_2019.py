"""Our reading of the Civil Airport Regulations: Decree 761 asks in its place, so there is none."""
