"""All that stands behind chapter 6, World Models (2018): experiments, study code, figures, evidence."""
