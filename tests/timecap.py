"""Ends property tests in time, where the machine decides how long one example takes."""

import os
import time

import hypothesis

CI_SECONDS = 240


class TimeCap:
    """A number of seconds for all examples of one property test.

    Call :meth:`check` first in each example, which in a state machine is the
    beginning of ``__init__`` or of its initializing rule::

        CAP = TimeCap(local=60)

        class Machine(RuleBasedStateMachine):
            def __init__(self):
                CAP.check()
                super().__init__()

    Once the time is over the remaining examples are given up before they begin.
    """

    def __init__(self, local=60, ci=CI_SECONDS):
        self.seconds = ci if os.environ.get("CI") else local
        self.end = None

    def check(self):
        """Give the example up if the time is over; the first call starts the clock."""
        now = time.monotonic()
        self.end = self.end or now + self.seconds
        if now > self.end:
            hypothesis.reject()
