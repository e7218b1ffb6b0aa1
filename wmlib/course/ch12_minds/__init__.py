"""All that stands behind chapter 12, minds, bodies, markets: experiments, study code, figures, evidence."""
