"""Claims and their evidence: what the course asserts, run over many seeds and stored.

An `Experiment` is a function from a seed to figures, and the claims that those figures must bear
out. A claim names who must fail it (a trivial agent) and how its strongest rival fared. A notebook
runs an experiment for one seed; `python -m wmlib.evidence run` runs it for many and stores every
seed's figures in the room of its chapter, `wmlib/course/chNN_topic/evidence/`; the tests run one
stored seed again.
"""

from wmlib.evidence.experiment import Claim, Experiment, all_experiments
from wmlib.evidence.places import evidence_path, room, rooms, stored_evidence
from wmlib.evidence.storing import measured, plain, store, versions

__all__ = [
    "Claim",
    "Experiment",
    "all_experiments",
    "evidence_path",
    "measured",
    "plain",
    "room",
    "rooms",
    "store",
    "stored_evidence",
    "versions",
]
