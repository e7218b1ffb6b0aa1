"""All that stands behind chapter 1, small-scale models: experiments, study code, figures, evidence."""
