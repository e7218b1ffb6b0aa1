"""wmlib: world models small enough to read in an evening.

The rooms are the loop of the course. An agent (`wmlib.agents`) acts (`wmlib.acting`) in a **world**
(`wmlib.worlds`), which leaves **experience** (`wmlib.experience`, `wmlib.streams`), from which a
**model** is learned (`wmlib.models`, `wmlib.training`), in which a **planner** (`wmlib.planning`) or
a **learner** (`wmlib.learning`) imagines, which gives the next action. `wmlib.evaluation` and
`wmlib.scoreboard` measure, `wmlib.evidence` keeps what experiments showed over many seeds,
`wmlib.figures`, `wmlib.widgets` and `wmlib.players` show. What one chapter alone needs stands in its
own room of `wmlib.course`, which no other room imports.

The library is about 12,800 lines without its figures; the course's rooms are about 32,600 more.

Importing `wmlib` alone is cheap: torch, gymnasium and matplotlib load with the module that needs
them.
"""

__version__ = "0.1.0"
