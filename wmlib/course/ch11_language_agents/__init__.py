"""All that stands behind chapter 11, language agents: experiments, study code, figures, evidence."""
