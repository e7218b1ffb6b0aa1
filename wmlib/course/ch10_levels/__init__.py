"""All that stands behind chapter 10, levels: experiments, study code, figures, evidence."""
