"""wmlib: world models small enough to read in an evening.

The folders are the loop of the course. An agent acts in a **world** (`wmlib.worlds`), which leaves
**experience** (`wmlib.experience`), from which a **model** is learned (`wmlib.models`), in which a
**planner** (`wmlib.planning`) or a **learner** (`wmlib.learning`) imagines, which gives the next
action. `wmlib.evaluation` measures, `wmlib.figures` shows.

Importing `wmlib` alone is cheap: torch, gymnasium and matplotlib load with the module that needs
them.
"""

__version__ = "0.1.0"
