"""All that stands behind chapter 7, Dreamer: experiments, study code, figures, evidence."""
