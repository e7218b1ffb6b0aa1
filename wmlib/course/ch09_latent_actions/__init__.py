"""All that stands behind chapter 9, latent actions (Genie): experiments, study code, figures, evidence."""
