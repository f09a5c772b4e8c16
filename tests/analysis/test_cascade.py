import numpy as np
from tests.analysis.worlds import AGENTS, ToyWorld, toy_run

from cardhouse.analysis.cascade import typical_cascade
from cardhouse.analysis.cast import cast_of


def test_cascade_tells_the_defaults_of_its_draw_in_order() -> None:
    run = toy_run()
    found = typical_cascade(run, cast_of(list(AGENTS), None))
    assert found is not None
    when = run.results("default_quarter")[list(run.draws).index(found.draw)]
    assert {step.entity for step in found.steps} == {name for name, q in zip(AGENTS, when, strict=True) if q >= 0}
    quarters = [step.quarter for step in found.steps]
    assert quarters == sorted(quarters)
    assert found.steps[0].sentence.startswith("First default: ")
    assert all(step.equation in step.sentence for step in found.steps)


def test_cascade_follows_rounds_inside_a_quarter() -> None:
    run = toy_run(draws=120)
    rounds = run.results("default_round")
    when = run.results("default_quarter")
    found = typical_cascade(run, cast_of(list(AGENTS), None))
    assert found is not None
    place = list(run.draws).index(found.draw)
    order = [list(AGENTS).index(step.entity) for step in found.steps]
    keys = [(int(when[place, k]), int(rounds[place, k])) for k in order]
    assert keys == sorted(keys)


def test_no_default_no_cascade() -> None:
    assert typical_cascade(toy_run(world=ToyWorld(calm=True)), cast_of(list(AGENTS), None)) is None


def test_choice_of_the_draw_does_not_depend_on_chunks() -> None:
    cast = cast_of(list(AGENTS), None)
    one, two = typical_cascade(toy_run(), cast), typical_cascade(toy_run(), cast)
    assert one == two
    assert np.isfinite(one.draw if one else np.nan)


def test_the_label_is_told_by_the_rule_that_gives_it() -> None:
    found = typical_cascade(toy_run(), cast_of(list(AGENTS), None))
    assert found is not None
    for step in found.steps:
        would = "survived the quarter" if step.label == "illiquid" else "failed even"
        assert f"It would have {would} had its financiers looked at fundamentals only." in step.sentence
