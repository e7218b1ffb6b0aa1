"""Chapter 5, ensembles: the experiments behind its claims."""

from __future__ import annotations

from wmlib.experiments import Experiment
from wmlib.experiments.gate_parts import (
    bold_driver, drive, gated_driver, road_ensemble, road_log,
)  # fmt: skip
from wmlib.worlds.road import Road, crawl


def run_gate(seed):
    """Bold, gated and safe, ten drives each, on the flooded road and on the dry one."""
    train, held_out = road_log(seed)
    model = road_ensemble(train, seed)
    agents = {
        "bold": lambda: bold_driver(model, seed),
        "gated": lambda: gated_driver(model, held_out, seed),
        "safe": lambda: crawl,
    }
    figures = {"threshold": gated_driver(model, held_out, seed).threshold}
    for name, agent in agents.items():
        for world in ("flooded", "dry"):
            drives = drive(Road(flooded=world == "flooded"), agent(), 10, seed=[seed, 5])
            figures[f"{name}_{world}_wrecked"] = drives.wrecked.mean()
            figures[f"{name}_{world}_return"] = drives.returns.mean()
            figures[f"{name}_{world}_seconds"] = drives.seconds.mean()
            figures[f"{name}_{world}_abstention"] = drives.abstention
            figures[f"{name}_{world}_quay_speed"] = max(
                path[path[:, 0] >= 300, 1].max(initial=0) for path in drives.paths
            )
        both = figures[f"{name}_flooded_return"] + figures[f"{name}_dry_return"]
        figures[f"{name}_return"] = both / 2
    return figures


gate = Experiment(
    "05_gate", run_gate,
    {
        "bold": (
            "on the flooded road the bold driver ends in the water at least nine times in ten",
            lambda f: f["bold_flooded_wrecked"] >= 0.9,
        ),
        "gated": (
            "the gated driver does so at most twice in ten",
            lambda f: f["gated_flooded_wrecked"] <= 0.2,
        ),
        "abstention": (
            "on the dry road, where there is nothing to fear, it hands over in at most 40 % of "
            "its decisions",
            lambda f: f["gated_dry_abstention"] <= 0.4,
        ),
        "beats_bold": (
            "over both roads its mean return beats the bold driver's",
            lambda f: f["gated_return"] > f["bold_return"],
        ),
        "beats_safe": (
            "and the always-safe driver's",
            lambda f: f["gated_return"] > f["safe_return"],
        ),
    },
    bar=1.0,
    seeds=20,
)
