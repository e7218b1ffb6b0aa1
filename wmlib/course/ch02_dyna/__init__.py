"""All that stands behind chapter 2, Dyna: experiments, study code, figures, evidence."""
