"""The search, beside a plain one that tries everything, on small networks with sounds made up."""

import itertools

import numpy as np
import pytest

from alignment.engine.acoustic_model import acoustic_model
from alignment.engine.grammar import Option, grammar
from alignment.engine.network import SILENT, network
from alignment.engine.viterbi import likeliest_path

SOUNDS = {
    "eye": [["AY"]],
    "bee": [["B", "IY"]],
    "cat": [["K", "AE", "T"], ["K", "AH", "T"]],
    "a": [["AH"], ["EY"]],
}


class MadeUp:
    """The acoustic model with sounds that are not those of the features: random ones, the same each time."""

    def __init__(self, frames, seed):
        real = acoustic_model()
        self.phones, self.silence, self.states = real.phones, real.silence, real.states
        self.stay, self.go = real.stay, real.go
        self.sound = np.random.default_rng(seed).gumbel(size=(frames, 5126)).astype(np.float32) * -4

    def scores(self, features, mixtures):
        frames = features[0, :, 0].astype(int)
        return self.sound[np.ix_(frames, mixtures)]


def frames(count):
    """Features that are only the frame's number."""
    return np.tile(np.arange(count, dtype=np.float32)[None, :, None], (3, 1, 13))


def plainly(model, phones, count):
    """The likelihood of the best path, by trying each state of each node at each frame."""
    nodes = len(phones.phones)
    links = {node: [] for node in range(nodes)}
    for source, target, weight in zip(phones.sources, phones.targets, phones.weights.tolist(), strict=True):
        links[int(target)].append((int(source), weight))
    best = {}
    for frame, (node, state) in itertools.product(range(count), itertools.product(range(nodes), range(3))):
        phone = phones.phones[node]
        ways = [best.get((frame - 1, node, state), -np.inf) + model.stay[phone, state]]
        if state:
            ways.append(best.get((frame - 1, node, state - 1), -np.inf) + model.go[phone, state - 1])
        elif not frame:
            ways.append(phones.starts[node])
        else:
            ways += [
                best.get((frame - 1, source, 2), -np.inf) + model.go[phones.phones[source], 2] + weight
                for source, weight in links[node]
            ]
        best[frame, node, state] = max(ways) + model.sound[frame, phones.mixtures[node, state]]
    return max(
        best[count - 1, node, 2] + model.go[phones.phones[node], 2] + phones.ends[node]
        for node in range(nodes)
    )


def likelihood(model, phones, path):
    """Of the path: its visits' scores less the end's, which belongs to none."""
    return sum(visit.score for visit in path) + phones.ends[path[-1].node]


def said(rules, phones, path):
    arcs = [int(phones.arcs[visit.node]) for visit in path]
    return [rules.arcs[arc].word for arc, _ in itertools.groupby(arcs) if arc != SILENT]


OPTIONS = [
    [Option("eye", (("eye",),))],
    [Option("bee", (("bee",),)), Option("eye", (("eye",),), 0.5), Option("cat", (("cat",), ("a", "bee")))],
    [Option("cat", (("cat",),), 0.1), Option("a", (("a",),), 0.1), Option("bee", (("bee",),), 0.1)],
    [Option("a", (("a",),)), Option("a", (("a",),)), Option("eye", (("eye",), ("a",)))],
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize(("count", "seed"), [*((61, seed) for seed in range(4)), (170, 4), (170, 5)])
def test_the_path_is_the_likeliest_of_all(options, count, seed):
    model = MadeUp(count, seed)
    rules = grammar(options)
    phones = network(model, rules, SOUNDS)

    path = likeliest_path(model, phones, frames(count))

    assert likelihood(model, phones, path) == pytest.approx(plainly(model, phones, count), rel=1e-4)
    assert path[0].start == 0 and path[-1].end == count
    assert all(one.end == other.start for one, other in itertools.pairwise(path))
    assert all(visit.end - visit.start >= 3 for visit in path)


@pytest.mark.parametrize("options", OPTIONS[:2])
def test_the_path_says_what_the_grammar_allows(options):
    rules = grammar(options)
    for seed in range(5):
        model = MadeUp(120, seed)
        phones = network(model, rules, SOUNDS)

        spoken = said(rules, phones, likeliest_path(model, phones, frames(120)))

        assert spoken in (
            ["eye"],
            ["bee", "eye", "cat"],
            ["bee", "cat"],
            ["bee", "a", "bee"],
            ["bee", "eye", "a", "bee"],
        )


@pytest.mark.parametrize(
    ("count", "leads_through"), [(0, False), (1, False), (8, False), (9, True), (10, True)]
)
def test_each_phone_takes_three_frames(count, leads_through):
    model = MadeUp(20, 1)
    phones = network(model, grammar([Option("cat", (("cat",),))]), SOUNDS)

    path = likeliest_path(model, phones, frames(count))

    assert (path is not None) == leads_through


def test_a_path_far_from_the_beginning_is_as_exact_as_one_near_it():
    """Over two minutes: numbers that grew with time would have lost their last digits."""
    count = 12_000
    model = MadeUp(count, 3)
    rules = grammar([Option(word, ((word,),)) for word in ("bee", "cat", "eye") * 40])
    phones = network(model, rules, SOUNDS)

    path = likeliest_path(model, phones, frames(count))

    assert path[-1].end == count
    for visit in path[1:]:
        sound = sum(
            model.sound[frame, phones.mixtures[visit.node]].max() for frame in range(visit.start, visit.end)
        )
        assert visit.score <= sound + 1.0
