"""What a quality plan should make of readings, worked out without the addon.

Readings are ``True`` (passes), ``False`` (fails) or ``None`` (not there yet).
"""


def judge_test(basis, readings):
    """Return ``pass``, ``fail`` or ``untested``."""
    if False in readings:
        return "fail"
    there = [reading is not None for reading in readings]
    enough = {"last": there[-1], "one": True in there, "all": False not in there}
    return "pass" if enough[basis] else "untested"


def is_finished(plan, required, others):
    """Tell whether nothing of a specification has to be read any more."""
    return all(
        judge_test(plan["basis"], [one is not None or None for one in readings])
        == "pass"
        for readings in required or others
    )


def combine(outcomes):
    """Return what several tests say together; ``none``, where there are none."""
    for outcome in ("fail", "untested", "pass"):
        if outcome in outcomes:
            return outcome
    return "none"


def judge_spec(plan, required, others):
    """Return the status of a specification.

    :param dict plan: the options
    :param list required, others: the readings of each test
    """
    if not plan["spec_auto"] or not (required or others):
        return "not_tested"
    row = combine({judge_test(plan["basis"], one) for one in required})
    column = combine({judge_test(plan["basis"], one) for one in others})
    return plan[f"cell_{row}_{column}"]


def judge_order(plan, specs):
    """Return what the specifications say together.

    :param list specs: of (status, whether it has a required test)
    """
    statuses = [status for status, _required in specs]
    if "on_hold" in statuses:
        return "on_hold"
    counting = [
        status == "passed"
        for status, required in specs
        if required or plan["order_basis"] != "one_required"
    ]
    together = all if plan["order_basis"] == "all" else any
    if counting and together(counting):
        return "passed"
    if "not_tested" in statuses or "failed" not in statuses:
        return "not_tested"
    return "failed"
