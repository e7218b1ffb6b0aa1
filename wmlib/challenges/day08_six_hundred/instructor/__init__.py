"""For instructors: the source of day 8."""
