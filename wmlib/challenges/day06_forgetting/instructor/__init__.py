"""For instructors: the source of day 6."""
