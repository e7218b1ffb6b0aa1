"""A list of what each parameter of a constructor does, kept by those who wrote the tests."""

import importlib
import inspect
import pkgutil

# What something is made of or sized after, not a setting of it.
THINGS = {"world", "model", "behaviour", "agent", "planner", "planners", "ensemble", "fallback"}
THINGS |= {"seen", "data", "routes", "edges", "starts", "parameters", "act_space", "feat_size"}
THINGS |= {"actions", "n_actions", "n_states", "n", "channels"}
THINGS |= {"device"}  # every class's, see test_interface.py


class Varied:
    """Collects the tests of one room's parameters, and knows which are missing."""

    def __init__(self, room):
        self.room, self.tests = room, {}

    def __call__(self, kind, *names):
        """Decorates a test in which these parameters of a class are varied."""

        def kept(test):
            self.tests.update({f"{kind.__name__}.{name}": test for name in names})
            return test

        return kept

    def missing(self):
        """Parameters of the room's public classes that no test varies."""
        package = importlib.import_module(f"wmlib.{self.room}")
        found = []
        for info in pkgutil.iter_modules(package.__path__):
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            for name, kind in vars(module).items():
                if inspect.isclass(kind) and kind.__module__ == module.__name__ and name[0] != "_":
                    if "__init__" in vars(kind) and not issubclass(kind, tuple):
                        found += [f"{name}.{p}" for p in parameters(kind) if p not in THINGS]
        return sorted(set(found) - set(self.tests))


def parameters(kind):
    for name, parameter in inspect.signature(kind.__init__).parameters.items():
        if name != "self" and parameter.kind not in (
            parameter.VAR_KEYWORD,
            parameter.VAR_POSITIONAL,
        ):
            yield name
