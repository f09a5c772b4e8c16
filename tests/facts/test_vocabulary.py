from cardhouse.facts import vocabulary
from cardhouse.facts.metrics import metric_register
from cardhouse.network import instrument


def test_facts_and_network_use_the_same_words():
    for name in ("Tier", "Status"):
        assert {word.value for word in getattr(vocabulary, name)} == {word.value for word in getattr(instrument, name)}
    kinds = {word.value for word in vocabulary.RelationKind}
    assert {word.value for word in instrument.InstrumentKind} == kinds
    assert {word.value for word in instrument.Tag} < {word.value for word in vocabulary.Tag}


def test_every_measure_has_a_unit():
    register = metric_register()
    assert len(register) > 300
    assert all(metric.units for metric in register.values())
