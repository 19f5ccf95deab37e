"""Many clients at once at a live house: real web workers, real databases, and a judge who reads the tables."""
