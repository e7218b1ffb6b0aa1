"""All that stands behind chapter 3, neural dynamics: experiments, study code, figures, evidence."""
