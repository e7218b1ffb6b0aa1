"""Search in imagination: any planner runs on any model."""

from wmlib.planning.base import Plan, Planner, score
from wmlib.planning.cem import CEM
from wmlib.planning.icem import ICEM
from wmlib.planning.mpc import MPC
from wmlib.planning.mppi import MPPI
from wmlib.planning.shooting import RandomShooting

__all__ = ["CEM", "ICEM", "MPC", "MPPI", "Plan", "Planner", "RandomShooting", "score"]
