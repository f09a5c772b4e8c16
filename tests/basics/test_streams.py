from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from cardhouse.basics.streams import fill_normal, fill_uniform, philox

# known-answer vectors published with the reference implementation of Philox 4x32-10
KNOWN = [
    ([0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ([0xFFFFFFFF] * 4, [0xFFFFFFFF] * 2, "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    (
        [0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344],
        [0xA4093822, 0x299F31D0],
        "d16cfe09 94fdcceb 5001e420 24126ea1",
    ),
]


def test_philox_gives_the_published_vectors() -> None:
    for counter, key, expected in KNOWN:
        first, second, third, fourth = (np.uint64(word) for word in counter)
        words = philox((first, second, third, fourth), np.uint64(key[0]), np.uint64(key[1]))
        assert expected == " ".join(f"{int(word):08x}" for word in words)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**63 - 1), st.integers(0, 2**63 - 1), st.integers(0, 2**16 - 1), st.integers(1, 40))
def test_a_longer_stream_begins_with_the_shorter_one(seed: int, draw: int, purpose: int, size: int) -> None:
    for fill in (fill_uniform, fill_normal):
        short, long = np.empty(size), np.empty(size + 9)
        fill(short, seed, draw, purpose)
        fill(long, seed, draw, purpose)
        np.testing.assert_array_equal(short, long[:size])
        assert np.isfinite(long).all()


def test_streams_of_different_draws_and_purposes_differ_and_are_uncorrelated() -> None:
    streams = []
    for draw, purpose in [(0, 0), (1, 0), (0, 1), (2**40, 0)]:
        out = np.empty(20_000)
        fill_uniform(out, 7, draw, purpose)
        streams.append(out)
    table = np.array(streams)
    assert 0.0 < table.min()
    assert table.max() < 1.0
    correlation = np.corrcoef(table) - np.eye(len(streams))
    assert np.abs(correlation).max() < 0.03
    assert np.abs(table.mean(axis=1) - 0.5).max() < 0.01
