"""All that stands behind chapter 8, tokens (IRIS): experiments, study code, figures, evidence."""
