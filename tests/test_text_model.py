"""Text models: one interface, a vocabulary, a GPT that can be stopped and gone on with."""

import copy

import numpy as np
import pytest
import torch
from torch import nn

from wmlib.course.ch11_language_agents import gpt_block
from wmlib.course.ch11_language_agents.desk import LOST, NAMES, TOOLS, Desk
from wmlib.course.ch11_language_agents.gpt_block import Block, Past
from wmlib.course.ch11_language_agents.phrases import END, PAD, Phrases
from wmlib.course.ch11_language_agents.study import APART, lessons, request, right, student, train
from wmlib.course.ch11_language_agents.text import TextModel
from wmlib.course.ch11_language_agents.text_gpt import TextGPT, balance
from wmlib.models import Simulator
from wmlib.models.products import onednn
from wmlib.planning import MPC, RandomShooting

DESK = Desk(tasks=False)


@pytest.fixture(scope="module")
def play():
    return lessons(1000, 3000)


@pytest.fixture()
def small(play):
    return student(*play, seed=3, width=16, layers=1, heads=2)


# --- a text model is a world model like the others -------------------------------------------------


def test_with_true_answers_it_is_the_true_simulator():
    rows, acts = DESK.initial(200, np.random.default_rng(0)), np.arange(200) % 15
    plans = np.stack([acts, (acts + 7) % 15, (acts + 3) % 15], 1)
    told, true = TextModel(DESK, DESK.tell), Simulator(DESK)
    ours = told.imagine(told.start(rows), plans)
    theirs = true.imagine(true.start(rows), plans)
    for a, b in zip(ours.states, theirs.states):
        assert torch.equal(told.decode(a), true.decode(b))
    assert torch.equal(ours.rew, theirs.rew) and torch.equal(ours.cont, theirs.cont)
    assert all(state.known.all() for state in ours.states)


def test_any_planner_of_the_course_runs_on_it():
    world = Desk(held_out=True)
    row = np.array(
        [
            world.read(
                "free 1 usb 0 cloud 0 ; thesis 3 closed saved copy ; diary lost ;"
                " music 5 closed saved nocopy .",
                goal=4,
            )
        ]
    )
    agent = MPC(TextModel(world, world.tell), RandomShooting(horizon=1, candidates=200))
    agent.begin(row)
    assert world.call(row[0], agent.act(row)[0]) == "delete thesis"


def test_an_unknown_outcome_is_worth_as_little_as_a_loss_and_leads_nowhere():
    rows = DESK.initial(4, np.random.default_rng(1))
    answers = iter([None, "no idea", "thesis is eaten . => same ."])
    model = TextModel(DESK, lambda prompts: [next(answers, "") for _ in prompts])
    state, rew, cont = model.step(model.start(rows), np.arange(4))
    assert not state.known.any()
    assert rew.tolist() == [-1] * 4 and cont.tolist() == [0] * 4
    assert torch.equal(model.decode(state), torch.as_tensor(rows))
    again, rew, _ = TextModel(DESK, DESK.tell).step(state, np.arange(4))
    assert not again.known.any() and rew.tolist() == [-1] * 4  # nothing follows from the unknown


def test_it_never_asks_twice():
    calls = []
    model = TextModel(DESK, lambda prompts: calls.append(prompts) or DESK.tell(prompts))
    row = DESK.initial(1, np.random.default_rng(2))
    for _ in range(3):
        model.step(model.start(np.repeat(row, 5, 0)), np.array([0, 0, 1, 1, 2]))
    assert len(calls) == 1 and len(calls[0]) == model.asked == 3


def test_mistakes_are_named():
    with pytest.raises(ValueError, match=r"wanted desks \(B, 20\), got \(2, 7\)"):
        TextModel(DESK, DESK.tell).start(np.zeros((2, 7)))
    with pytest.raises(ValueError, match="1 questions were asked, 2 answers came"):
        TextModel(DESK, lambda prompts: ["a", "b"]).ask(["?"])
    with pytest.raises(TypeError, match="no probabilities"):
        TextModel(DESK, DESK.tell).risk(["?"])


# --- words and phrases -----------------------------------------------------------------------------


def test_what_often_stands_together_becomes_one_token_and_names_never_do(play):
    phrases = Phrases.learn(play[0] + play[1], APART)
    assert "will happen ?" in " ".join(phrases.tokens)
    assert len(phrases.encode(play[0][0])) < 0.6 * len(play[0][0].split())
    merged = [token.split(" ") for token in phrases.tokens if " " in token]
    assert merged and not any(word in APART for words in merged for word in words)


def test_texts_survive_the_way_into_tokens_and_back(play):
    phrases = Phrases.learn(play[0] + play[1], APART)
    for text in play[0][:100] + play[1][:100]:
        assert phrases.decode(phrases.encode(text)) == text
    assert phrases.decode([*phrases.encode("same ."), 1, 5]) == "same ."


def test_pairs_are_merged_in_the_order_of_how_often_they_stand_together():
    phrases = Phrases.learn(["a b c"] * 30 + ["a b d"] * 30 + ["x y"] * 5, merges=9)
    assert phrases.tokens[2:] == ["a", "b", "c", "d", "x", "y", "a b", "a b c", "a b d"]
    with pytest.raises(ValueError, match="'z' was never seen"):
        phrases.encode("a b z")
    with pytest.raises(ValueError, match=f"{PAD} and {END}"):
        Phrases(["a"])


# --- the network -----------------------------------------------------------------------------------


def test_no_token_knows_its_successors(small):
    ids = torch.randint(2, 100, (2, 20), generator=torch.Generator().manual_seed(0))
    other = ids.clone()
    other[:, 12:] = (other[:, 12:] + 7) % 90 + 2
    seen, also = small(ids), small(other)
    assert torch.allclose(seen[:, :12], also[:, :12], atol=1e-6)
    assert not torch.allclose(seen[:, 12:], also[:, 12:], atol=1e-3)


def test_remembered_keys_and_values_change_nothing(small):
    ids = torch.randint(2, 100, (3, 24), generator=torch.Generator().manual_seed(1))
    past = [Past(block, room=18) for block in small.blocks]  # more memory is needed on the way
    with torch.inference_mode():
        parts = [small(ids[:, :16], past, 0)]
        parts += [small(ids[:, : t + 1], past, t) for t in range(16, 24)]
        whole = small(ids)
    assert torch.allclose(torch.cat(parts, 1), whole, atol=1e-5)


@pytest.mark.parametrize("on_the_cpu", [True, False])
def test_texts_that_are_over_are_forgotten(small, on_the_cpu, monkeypatch):
    if not on_the_cpu:  # there torch keeps and multiplies
        monkeypatch.setattr(gpt_block, "_kept", lambda x: x)
    ids = torch.randint(2, 100, (3, 24), generator=torch.Generator().manual_seed(2))
    past, on = [Past(block, 22) for block in small.blocks], torch.tensor([True, False, True])
    with torch.inference_mode():
        small(ids[:, :20], past, 0)
        for block in past:
            block.keep(on)
            assert isinstance(block.kept, np.ndarray) == on_the_cpu
        parts = [small(ids[on, : t + 1], past, t) for t in range(20, 24)]
        assert torch.allclose(torch.cat(parts, 1), small(ids)[on, 20:], atol=1e-5)


@pytest.mark.parametrize("rows", [1, 3, 80])  # for 80, oneDNN multiplies where it is there
def test_a_block_that_writes_says_what_it_says_of_all_at_once(rows, monkeypatch):
    monkeypatch.setattr(gpt_block, "pays", lambda: onednn() is not None)
    torch.manual_seed(rows)
    block, x = Block(112, 4), torch.randn(rows, 12, 112)
    for norm in (block.norm1, block.norm2):
        nn.init.normal_(norm.weight, 1.0)
        nn.init.normal_(norm.bias)
    past = Past(block, room=12)
    with torch.inference_mode():
        parts = [past(x[:, :7]), *(past(token) for token in x[:, 7:].split(1, 1))]
        torch.testing.assert_close(torch.cat(parts, 1), block(x), rtol=1e-5, atol=1e-5)
        with pytest.raises(ValueError, match="one token after the 12 before, got 2"):
            past(x[:, :2])
    if onednn():
        packed = [layer.packed is not None for layer in (past.qkv, past.hidden, past.out)]
        assert packed == [rows == 80] * 3


def hooked(block):
    block.mlp.register_forward_hook(lambda module, inputs, out: 2 * out)


def bent_otherwise(block):
    block.mlp[1] = nn.SiLU()


def root_mean_square(block):
    block.norm1 = nn.RMSNorm(112)


def without_bias(block):
    block.proj.bias = None


def coarse(block):
    block.bfloat16()


@pytest.mark.parametrize("change", [hooked, bent_otherwise, root_mean_square, without_bias, coarse])
def test_a_changed_block_writes_as_it_is_now(change):
    torch.manual_seed(0)
    block, x = Block(112, 4), torch.randn(3, 12, 112)
    plain = block(x)
    change(block)
    x = x.to(block.proj.weight.dtype)
    past = Past(block)
    with torch.inference_mode():
        parts = [past(x[:, :7]), *(past(token) for token in x[:, 7:].split(1, 1))]
        rounding = 0.05 if change is coarse else 1e-5
        torch.testing.assert_close(torch.cat(parts, 1), block(x), rtol=rounding, atol=rounding)
        assert change is coarse or not torch.allclose(block(x), plain, atol=1e-3)


def test_a_text_is_written_in_other_numbers_too(small, play):
    prompts = play[0][:4]
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert len(small.answer(prompts)) == 4
    for dtype in (torch.bfloat16, torch.float64):
        assert len(copy.deepcopy(small).to(dtype).answer(prompts)) == 4


def test_no_gradient_passes_a_past(small):
    past, x = Past(small.blocks[0]), torch.randn(1, 3, 112)
    with pytest.raises(RuntimeError, match="inference_mode"):
        past(x)


def test_answers_do_not_depend_on_who_else_is_asked(small, play):
    train(small, *play, until=60)
    together = small.answer(play[0][:40])
    assert together == [small.answer([prompt])[0] for prompt in play[0][:40]]


def test_the_probability_of_an_answer_is_the_product_of_its_tokens(small, play):
    prompt, words = play[0][0], "nothing changes . =>"
    start, told = small.phrases.encode(prompt), small.phrases.encode(words)
    logits = small.head(small(torch.tensor([start + told])))[0].softmax(-1)
    logits = logits.detach()
    by_hand = np.prod([float(logits[len(start) - 1 + k, t]) for k, t in enumerate(told)])
    assert small.probability([prompt], [words])[0] == pytest.approx(by_hand, rel=1e-3)


def test_risk_is_the_chance_of_all_sentences_that_tell_of_a_loss(small, play):
    from wmlib.course.ch11_language_agents.study import loss_risk

    prompt = next(p for p in play[0] if "If I delete thesis" in p)
    said = [
        "unsaved work in thesis is lost for ever .",
        "thesis is lost for ever .",
        "thesis does not fit and is lost for ever .",
    ]
    each = [small.probability([prompt], [words])[0] for words in said]
    assert loss_risk(small)([prompt])[0] == pytest.approx(sum(each), rel=1e-4)


def test_only_the_answer_is_learned(small, play):
    ids, told = small._table(["If I save thesis"], ["same ."])
    text = [small.phrases.tokens[i] for i in ids[told].tolist()]
    assert " ".join(text) == f"same . {END}"


def test_balance_draws_rare_sentences_more_often_whatever_the_name():
    told = ["thesis is saved . => same ."] * 3 + ["diary is saved . => x"] + ["lost . => y"]
    weights = balance(told, NAMES, power=0.5)
    assert weights == pytest.approx([0.5, 0.5, 0.5, 0.5, 1.0])
    assert np.ptp(balance(told, NAMES, power=0)) == 0


# --- stopping and going on -------------------------------------------------------------------------


def test_stopped_and_gone_on_with_it_learns_exactly_the_same(play, tmp_path):
    straight = student(*play, seed=3, width=16, layers=1, heads=2)
    whole = train(straight, *play, until=12)
    first = student(*play, seed=3, width=16, layers=1, heads=2)
    half = train(first, *play, until=5)
    first.save(tmp_path / "half.pt")
    second = TextGPT.load(tmp_path / "half.pt")
    assert half + train(second, *play, until=12) == whole
    for a, b in zip(straight.state_dict().values(), second.state_dict().values()):
        assert torch.equal(a, b)


def test_an_interrupt_keeps_what_was_learned(small, play, capsys):
    def stop(step, loss):
        if step == 3:
            raise KeyboardInterrupt

    assert len(train(small, *play, report=stop)) == small.steps == 4
    assert "stopped after 4 of" in capsys.readouterr().err
    train(small, *play, until=6)
    assert small.steps == 6


def test_small_files_answer_the_same(small, play, tmp_path):
    train(small, *play, until=60)
    small.save(tmp_path / "large.pt")
    small.save(tmp_path / "small.pt", small=True)
    loaded = TextGPT.load(tmp_path / "small.pt")
    agree = np.mean(
        [a == b for a, b in zip(small.answer(play[0][:50]), loaded.answer(play[0][:50]))]
    )
    assert agree > 0.9
    sizes = [(tmp_path / name).stat().st_size for name in ("large.pt", "small.pt")]
    assert sizes[1] < sizes[0] / 4
    with pytest.raises(FileNotFoundError):
        TextGPT.load(tmp_path / "nothing.pt")


def test_bad_lessons_are_refused(small, play):
    with pytest.raises(ValueError, match="a weight for each of"):
        small.fit(*play, weights=[1.0])
    with pytest.raises(ValueError, match="longer than this model reads: 96"):
        small.fit([" ".join(["thesis"] * 100)], ["same ."])


def test_the_lessons_teach_nothing_about_the_tests(play):
    from wmlib.course.ch11_language_agents.study import held_out

    prompts, answers = held_out(1000, wanted=100)
    assert len(prompts) == 100 and not {*prompts} & {*play[0]}
    assert DESK.tell(prompts) == answers and not any(a.endswith("same .") for a in answers)
    assert len({*play[0]}) == len(play[0])
    assert request(DESK, DESK.read(prompts[0].partition(" If I ")[0])).startswith(
        "goal 99 now free"
    )


@pytest.mark.slow
def test_two_hundred_steps_teach_it_most_sentences(play):
    model = student(*play, seed=0)
    train(model, *play, until=200)
    prompts, answers = play[0][:200], play[1][:200]
    exact, sentences = right(model, prompts, answers)
    assert sentences > 0.6 and exact > 0.5
    assert any(LOST in answer for answer in answers) and set(TOOLS) <= APART
