"""A class: what was handed in, marks, reports, and the files of learning platforms."""
