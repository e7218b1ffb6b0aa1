"""All that stands behind chapter 13, open problems: experiments, study code, figures, evidence."""
