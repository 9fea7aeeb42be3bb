"""Ends property tests in time, where the machine decides how long one example takes."""

import itertools
import time

from hypothesis import settings

# By the profile of Hypothesis, see conftest.py.
SECONDS = {"ci": 20, "local": 45, "long": 3600}


def rounds(seconds=None):
    """Yield a seed for each round of a property test, until the time is over.

    Only the time between rounds is looked at: Hypothesis takes an example that gives
    itself up for one that ends differently, and a failing one must be shortened for as
    long as it takes. So a round is a short run of Hypothesis, of a few examples::

        for number in rounds():
            run_state_machine_as_test(seed(number)(Machine), settings=...)

    Seeds and not ``derandomize``, which would make all rounds alike. They are the same
    on every machine and in every run: what CI finds is found again at once, and a slow
    machine only does fewer rounds.

    :param float seconds: how long rounds are begun; the profile's time if empty
    """
    profile = settings.get_current_profile_name()
    end = time.monotonic() + (seconds or SECONDS.get(profile, SECONDS["local"]))
    for number in itertools.count():
        yield number
        if time.monotonic() > end:
            return


def has_time():
    """Tell whether a test may go on past its time: not in CI."""
    return settings.get_current_profile_name() != "ci"
