"""Pages of the ground floor, and the furniture every page of the house uses."""
