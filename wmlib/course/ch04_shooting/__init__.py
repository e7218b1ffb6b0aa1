"""All that stands behind chapter 4, the shooting planner: experiments, study code, figures, evidence."""
