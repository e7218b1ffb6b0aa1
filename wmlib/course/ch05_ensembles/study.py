"""What the notebook reads of the stored evidence."""

from __future__ import annotations

from wmlib.evidence import Experiment


def kept(experiment: Experiment, seed: int) -> dict:
    """Figures of a seed: from the stored evidence, or run where that has none."""
    rows = (experiment.stored() or {"seeds": []})["seeds"]
    found = [row["figures"] for row in rows if row["seed"] == seed]
    return found[0] if found else experiment.run(seed)
