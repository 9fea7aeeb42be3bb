"""Drawing units at random, so that anybody can draw the same ones again.

The algorithm uses nothing of Python's generator but ``random()``, whose sequence for a
seed is promised to stay the same: a Fisher-Yates shuffle of ``1 … population`` from the
front, of which the first ``size`` numbers are the draw. A larger draw with the same
seed begins with the smaller one, so a second sample only adds to the first.
"""

import secrets
from random import Random


def new_seed():
    """Return a seed that nobody can foresee: 16 hexadecimal digits."""
    return secrets.token_hex(8)


def draw(seed, population, size):
    """Return ``size`` different numbers of ``1 … population``, in the order drawn.

    :param str seed: what the draw can be repeated with
    :param int population: how many units there are
    :param int size: how many to draw; all, where there are fewer
    """
    generator = Random(seed)
    moved, drawn = {}, []
    for position in range(min(size, population)):
        other = position + int(generator.random() * (population - position))
        drawn.append(moved.get(other, other) + 1)
        moved[other] = moved.get(position, position)
    return drawn
