"""Everything that predicts, behind one interface (`wmlib.models.base.WorldModel`)."""

from wmlib.models.base import Goal, Rollout, Step, WorldModel, tree_map
from wmlib.models.cautious import Cautious
from wmlib.models.dynamics import NeuralDynamics
from wmlib.models.ensemble import Ensemble
from wmlib.models.linear import LinearDynamics
from wmlib.models.simulator import Simulator
from wmlib.models.table import SampleModel, TableModel

__all__ = [
    "Cautious",
    "Ensemble",
    "Goal",
    "LinearDynamics",
    "NeuralDynamics",
    "Rollout",
    "SampleModel",
    "Simulator",
    "Step",
    "TableModel",
    "WorldModel",
    "tree_map",
]
