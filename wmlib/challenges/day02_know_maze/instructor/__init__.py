"""For instructors: the source of day 2."""
