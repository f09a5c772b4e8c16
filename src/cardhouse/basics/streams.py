"""Counter-based random numbers: every number is a function of (seed, draw, purpose, position) and of nothing else.

The generator is Philox 4x32 with ten rounds (Salmon, Moraes, Dror, Shaw 2011, "Parallel random numbers: as easy as
1, 2, 3", section 4). Draws can be made in any order, by any number of workers, and be made again after a resume.
"""

from __future__ import annotations

import math

import numpy as np

from cardhouse.basics.arrays import FloatArray, IntArray
from cardhouse.basics.compiled import compiled

_MASK = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_TWO_POW_20 = np.uint64(1 << 20)
_SHIFT_12 = np.uint64(12)


Words = tuple[np.uint64, np.uint64, np.uint64, np.uint64]


@compiled(inline=True)
def philox(counter: Words, key_0: np.uint64, key_1: np.uint64) -> Words:
    """Turn four 32-bit counter words into four random ones. Nothing is allocated.

    Parameters
    ----------
    counter : tuple of four uint64
        Counter words, each below 2**32.
    key_0, key_1 : uint64
        The two key words, each below 2**32.

    Examples
    --------
    The first known-answer vector of the reference implementation:

    >>> zero = np.uint64(0)
    >>> [f"{int(word):08x}" for word in philox((zero, zero, zero, zero), zero, zero)]
    ['6627e8d5', 'e169c58d', 'bc57ac4c', '9b00dbd8']
    """
    word_0, word_1, word_2, word_3 = counter
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * word_0
        product_1 = _MULTIPLIER_1 * word_2
        word_0 = (product_1 >> _SHIFT) ^ word_1 ^ key_0
        word_2 = (product_0 >> _SHIFT) ^ word_3 ^ key_1
        word_1 = product_1 & _MASK
        word_3 = product_0 & _MASK
        key_0 = (key_0 + _WEYL_0) & _MASK
        key_1 = (key_1 + _WEYL_1) & _MASK
    return word_0, word_1, word_2, word_3


@compiled(inline=True)
def _block(seed: int, draw: int, purpose: int, block: int) -> Words:
    """Return block number ``block`` of the stream (seed, draw, purpose)."""
    seed_word = np.uint64(seed)
    draw_word = np.uint64(draw)
    counter = (
        np.uint64(block) & _MASK,
        draw_word & _MASK,
        draw_word >> _SHIFT,
        np.uint64(purpose) & _MASK,
    )
    return philox(counter, seed_word & _MASK, seed_word >> _SHIFT)


def joint_draws(news: IntArray, opening: IntArray) -> IntArray:
    """Give a number to draws whose news and opening figures come from streams of different draws.

    Parameters
    ----------
    news, opening : array of int, shape (draw,)
        Draws whose streams are used, from 0 to 2**31 - 2.

    Returns
    -------
    array of int, shape (draw,)
        The draw itself where both are the same; see :func:`news_draw` and :func:`opening_draw`.

    Examples
    --------
    >>> joint = joint_draws(np.array([3, 3]), np.array([3, 8]))
    >>> int(joint[0]), [int(news_draw(k)) for k in joint], [int(opening_draw(k)) for k in joint]
    (3, [3, 3], [3, 8])
    """
    return np.where(news == opening, news, news | ((opening + 1) << 32)).astype(np.int64)


@compiled
def news_draw(draw: int) -> int:
    """Return the draw whose stream gives the news of a draw."""
    return draw & 0xFFFFFFFF


@compiled
def opening_draw(draw: int) -> int:
    """Return the draw whose stream gives the opening figures of a draw."""
    return draw if draw >> 32 == 0 else (draw >> 32) - 1


@compiled
def fill_uniform(out: FloatArray, seed: int, draw: int, purpose: int, first: int = 0) -> None:
    """Fill ``out`` with uniform numbers strictly between 0 and 1 from the stream (seed, draw, purpose).

    Parameters
    ----------
    out : array, shape (n,)
        Overwritten; position ``k`` depends on ``(seed, draw, purpose, first + k)`` only.
    seed, draw : int
        Non-negative, below 2**63.
    purpose : int
        Number of the stream's purpose, below 2**16: different purposes never share numbers.
    first : int
        Where in the stream to begin, an even number.

    Examples
    --------
    >>> short, middle, long = np.empty(3), np.empty(2), np.empty(7)
    >>> fill_uniform(short, 1, 5, 2)
    >>> fill_uniform(middle, 1, 5, 2, 4)
    >>> fill_uniform(long, 1, 5, 2)
    >>> bool((short == long[:3]).all() and (middle == long[4:6]).all())
    True
    """
    # whole blocks and no condition among them: the compiler makes four at a time
    whole = out.size // 2
    for block in range(whole):
        words = _block(seed, draw, purpose, first // 2 + block)
        out[2 * block] = _unit(words[0], words[1])
        out[2 * block + 1] = _unit(words[2], words[3])
    if 2 * whole < out.size:
        words = _block(seed, draw, purpose, first // 2 + whole)
        out[2 * whole] = _unit(words[0], words[1])


@compiled(inline=True)
def _unit(high: np.uint64, low: np.uint64) -> float:
    """Turn two 32-bit words into a number in (0, 1) with 52 random bits."""
    bits = high * _TWO_POW_20 + (low >> _SHIFT_12)
    return (float(bits) + 0.5) / 4503599627370496.0


@compiled
def fill_normal(out: FloatArray, seed: int, draw: int, purpose: int, first: int = 0) -> None:
    """Fill ``out`` with standard normal numbers from the stream (seed, draw, purpose), by Box and Muller (1958).

    Parameters are those of :func:`fill_uniform`.

    >>> sample = np.empty(4000)
    >>> fill_normal(sample, 3, 0, 1)
    >>> bool(abs(sample.mean()) < 0.05 and abs(sample.std() - 1.0) < 0.05)
    True
    """
    fill_uniform(out, seed, draw, purpose, first)
    even = out.size - out.size % 2
    for k in range(0, even, 2):
        radius = math.sqrt(-2.0 * math.log(out[k]))
        angle = 2.0 * math.pi * out[k + 1]
        out[k] = radius * math.cos(angle)
        out[k + 1] = radius * math.sin(angle)
    if even < out.size:
        # the last odd place takes its angle from the same block, so that a longer array begins with the same numbers
        words = _block(seed, draw, purpose, (first + even) // 2)
        out[even] = math.sqrt(-2.0 * math.log(out[even])) * math.cos(2.0 * math.pi * _unit(words[2], words[3]))
