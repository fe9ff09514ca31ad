"""How conflicts are searched: what may meet is screened, what meets is decided exactly."""
