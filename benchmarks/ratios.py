"""Medians of ratios, with intervals that assume nothing about the noise."""

from math import comb
from statistics import median


def interval(values, confidence=0.95):
    """Return an interval that holds the median, from the order of the values alone.

    The median lies below any one of ``n`` values with probability 1/2, so the number
    of values below it is binomial. The interval runs from the k-th smallest to the
    k-th largest value, with the largest k whose coverage is at least ``confidence``;
    with 15 values that is the 4th and the 12th, which cover 96.5 %.

    :param values: list of numbers
    :return: lowest and highest value; the extremes where there are too few values
    """
    ordered, size = sorted(values), len(values)
    rank = 1
    while rank < size / 2 and _coverage(size, rank + 1) >= confidence:
        rank += 1
    return ordered[rank - 1], ordered[-rank]


def _coverage(size, rank):
    return 1 - 2 * sum(comb(size, below) for below in range(rank)) / 2**size


def summarise(pairs):
    """Return the median ratio of pairs ``(plain, full)`` and its interval."""
    ratios = [full / plain for plain, full in pairs]
    return median(ratios), *interval(ratios)
