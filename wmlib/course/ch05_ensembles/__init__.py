"""All that stands behind chapter 5, ensembles: experiments, study code, figures, evidence."""
