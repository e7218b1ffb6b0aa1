"""C: a linear controller, found by evolution, in a dream or in the world.

    action = argmax(W [z, h] + b)

A few hundred numbers and no gradient: CMA-ES (Hansen and Ostermeier 2001; the library `cma`) draws
a population of them from a Gaussian, plays some episodes with each, and moves and reshapes the
Gaussian towards those that did best. Where they are played is a function `score(population,
generator)`: `ImaginedReturns` asks a world model, `RealReturns` the world. Ha and Schmidhuber (2018).

Shapes: B episodes, P controllers in a population, F features, A actions.
"""

from __future__ import annotations

import warnings

import numpy as np
import torch

from wmlib import weights
from wmlib.acting import play
from wmlib.devices import new_generator, new_rng, rand, randint
from wmlib.models.base import batch_size, tree_map
from wmlib.training import interruptible
from wmlib.worlds.actions import from_index


def choose(parameters, feat) -> torch.Tensor:
    """Numbers of the actions, from 0, of B controllers: `(B,)`.

    Args:
        parameters: `(B, A, F + 1)`, the last column is b. feat: `(B, F)`.
    """
    weight, bias = parameters[..., :-1], parameters[..., -1]  # (B, A, F), (B, A)
    return (torch.einsum("baf,bf->ba", weight, feat) + bias).argmax(-1)


class LinearAgent:
    """Linear controllers that read a world model's features, as an agent.

    Args:
        model: a WorldModel with discrete actions. parameters: `(A, F + 1)`, or `(B, A, F + 1)`: one
            controller for each of B episodes.
        feat: `state -> (B, F)`, what the controller reads; default `model.feat`.
    """

    def __init__(self, model, parameters, feat=None):
        self.model, self.feat = model, feat or model.feat
        self.given = torch.as_tensor(parameters, dtype=torch.float32, device="cpu")

    def begin(self, obs):
        """A new batch of episodes: first observations `(B, ...)`."""
        several = self.given.ndim == 3
        self.parameters = self.given if several else self.given.expand(len(obs), -1, -1)
        self.state = self.action = None

    @torch.inference_mode()
    def act(self, obs, first=None):
        """Actions `(B,)` for observations `(B, ...)`.

        Args:
            first: `(B,)` bool: where an episode begins, so that nothing may be remembered.
        """
        if self.action is None:
            self.state = self.model.start(obs)
        else:
            self.state = self.model.observe(self.state, self.action, obs, first)
        feat = self.feat(self.state)  # (B, F)
        self.action = from_index(self.model.act_space, self.choose(feat))
        return self.action.cpu().numpy()

    def choose(self, feat):
        """Numbers of the actions `(B,)` for features `(B, F)`."""
        return choose(self.parameters.to(feat.device), feat)

    def keep(self, mask):
        """Go on with some of the episodes only: mask `(B,)` bool."""
        mask = torch.as_tensor(mask, device=self.action.device)
        self.state = tree_map(lambda x: x[mask], self.state)
        self.parameters, self.action = self.parameters[mask], self.action[mask]


class ImaginedReturns:
    """Returns of episodes in a world model, in which no picture is ever seen.

    An episode ends when the model says so: `cont` is a probability, and it is drawn.

    Args:
        model: a WorldModel with discrete actions. starts: a batch of its states in which episodes
            may begin.
        rollouts: episodes of each controller. steps: of an episode, at most.
        feat: see `LinearAgent`.
    """

    def __init__(self, model, starts, rollouts: int = 8, steps: int = 300, feat=None):
        self.model, self.starts = model, starts
        self.rollouts, self.steps, self.feat = rollouts, steps, feat or model.feat

    @torch.inference_mode()
    def returns(self, population, generator) -> torch.Tensor:
        """Returns `(P, rollouts)` of controllers `(P, A, F + 1)`."""
        device, space = self.model.device, self.model.act_space
        parameters = population.to(device).repeat_interleave(self.rollouts, 0)  # (B, A, F + 1)
        total = torch.zeros(len(parameters), device=device, dtype=torch.float32)
        alive = torch.arange(len(parameters), device=device)
        pick = randint(batch_size(self.starts), alive.shape, generator, device)
        state = tree_map(lambda x: x[pick], self.starts)
        for _ in range(self.steps):
            action = from_index(space, choose(parameters, self.feat(state)))
            state, rew, cont = self.model.step(state, action, generator)
            total[alive] += rew
            go_on = rand(cont.shape, generator, cont) < cont
            if not go_on.all():
                state = tree_map(lambda x: x[go_on], state)
                parameters, alive = parameters[go_on], alive[go_on]
                if not len(alive):
                    break
        return total.view(len(population), self.rollouts).cpu()

    def __call__(self, population, generator):
        return self.returns(population, generator).mean(1)


class RealReturns:
    """Returns of episodes in the real world, seen through a world model's features.

    Args:
        model, world: a WorldModel and the world it looks at. rollouts, feat: see
            `ImaginedReturns`.

    Attributes:
        steps: real steps so far.
    """

    def __init__(self, model, world, rollouts: int = 8, feat=None):
        self.model, self.world, self.rollouts, self.feat = model, world, rollouts, feat
        self.steps = 0

    def returns(self, population, generator) -> torch.Tensor:
        """Returns `(P, rollouts)` of controllers `(P, A, F + 1)`."""
        rng = new_rng(int(torch.randint(2**31, (), generator=generator)))
        agent = LinearAgent(self.model, population.repeat_interleave(self.rollouts, 0), self.feat)
        copies = len(population) * self.rollouts
        total = torch.zeros(copies, device="cpu", dtype=torch.float32)
        for step in play(self.world, agent, copies=copies, rng=rng, again=False):
            total[step.episode] += torch.from_numpy(step.rew).float()
            self.steps += len(step.rew)
        return total.view(len(population), self.rollouts)

    def __call__(self, population, generator):
        return self.returns(population, generator).mean(1)


class CMAController:
    """The search for a linear controller.

    Args:
        feat_size: F, numbers that it reads. actions: A, how many there are.
        population: P, controllers per generation. sigma: how far apart the first ones are.
        seed: of everything: what is drawn, and the generator that `score` is given.

    Attributes:
        log: per generation a list of the population's scores.
        validations: `(generation, score)` of every validation of the middle of the search.
        best: `(A, F + 1)`, the middle that did best in a validation; without one, the last middle.
    """

    def __init__(self, feat_size, actions, population=32, sigma=0.1, seed=0):
        self.shape, self.population = (int(actions), int(feat_size) + 1), population
        self.sigma, self.seed = sigma, seed
        self._begin()

    def _begin(self):
        rng = new_rng(self.seed)
        options = {
            "popsize": self.population,
            "verbose": -9,
            "seed": np.nan,
            "randn": lambda *shape: rng.standard_normal(shape),
        }
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            from cma import CMAEvolutionStrategy

            start = np.zeros(int(np.prod(self.shape)))
            self.search = CMAEvolutionStrategy(start, self.sigma, options)
        self.log, self.validations, self._drawn, self._best = [], [], None, None

    @property
    def parameters(self) -> torch.Tensor:
        """The middle of the search, `(A, F + 1)`: steadier than the best single draw."""
        return torch.from_numpy(self.search.result.xfavorite).float().view(self.shape)

    @property
    def best(self) -> torch.Tensor:
        return self.parameters if self._best is None else self._best

    def fit(self, score, generations: int, validation=None, every=4, report=None) -> CMAController:
        """Search for so many more generations. An interrupt keeps what was found.

        Args:
            score: `score(population (P, A, F + 1), generator) -> (P,)`, more is better.
            validation: a score of the same kind with more episodes, to which the middle of the
                search is put after every `every` generations. The search goes up and down with its
                luck; this says when it stood well.
            report: called with (generations so far, mean score of the last) after each.
        """
        goal = len(self.log) + generations
        with interruptible(
            lambda: (
                f"stopped after {len(self.log)} of {goal} generations: the controller keeps what "
                "was found; fit() goes on from here"
            )
        ):
            while len(self.log) < goal:
                population = torch.from_numpy(np.array(self._ask())).float()
                generator = new_generator(1_000_003 * self.seed + len(self.log))
                scores = score(population.view(-1, *self.shape), generator)
                self._tell([float(s) for s in scores])
                if validation is not None and len(self.log) % every == 0:
                    self._validate(validation)
                if report:
                    report(len(self.log), float(np.mean(self.log[-1])))
        return self

    def _ask(self):
        """The population to be scored; the same one again where an interrupt came between."""
        if self._drawn is None:
            self._drawn = self.search.ask()
        return self._drawn

    def _tell(self, scores):
        if not np.isfinite(scores).all():
            raise FloatingPointError(f"a score is no number: {scores}")
        self.search.tell(self._ask(), [-s for s in scores])  # cma minimises
        self.log.append(scores)
        self._drawn = None

    def _validate(self, validation):
        generator = new_generator(1_000_003 * self.seed + 500_000 + len(self.log))
        found = float(validation(self.parameters[None], generator)[0])
        if not self.validations or found > max(score for _, score in self.validations):
            self._best = self.parameters
        self.validations.append((len(self.log), found))

    def save(self, path) -> None:
        """Write the scores of all generations, from which the search is led back to where it is."""
        validations = [list(validation) for validation in self.validations]
        content = {"log": self.log, "validations": validations, "best": self._best}
        weights.write(content | self._settings(), path)

    def load(self, path) -> CMAController:
        """Go on where `save` stopped, in a search built with the same arguments.

        The search is chance from a seed and the scores it was told: told the same ones again, it
        draws the same populations, and stands where it stood.

        Raises:
            ValueError: if the file holds something else, or a search with other arguments.
        """
        content = weights.read(path, ("log", "validations", "best", *self._settings()))
        for name, own in self._settings().items():
            if content[name] != own:
                raise ValueError(
                    f"{path} was saved with {name} = {content[name]}, this search has {own}: "
                    "build it with the same arguments first"
                )
        self._begin()
        for scores in content["log"]:
            self._tell(scores)
        self.validations, self._best = [tuple(e) for e in content["validations"]], content["best"]
        return self

    def _settings(self):
        return {
            "shape": list(self.shape),
            "population": self.population,
            "sigma": self.sigma,
            "seed": self.seed,
        }
