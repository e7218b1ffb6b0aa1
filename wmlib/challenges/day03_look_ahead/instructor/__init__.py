"""For instructors: the source and the hidden examination of day 3."""
