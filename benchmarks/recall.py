"""A recall of very many lots, step by step."""

from . import genealogy, goods
from .databases import Database, copy_of, measure_action

# A tenth of the lots that traces are measured with.
RAW = genealogy.RAW // 10
STEPS = ("analyse", "contain", "rest", "update", "form")
# What the head of the form shows.
HEAD = ("lot_count", "held_count", "gap_count", "told_count", "recovered_share")


def run(full):
    """Recall the widespread raw lot, on a copy of the database.

    :param full: the database with the addons
    :return: ``{step: {"seconds": …, "queries": …}, "lots": count,
        "deliveries": count}``
    """
    full.close()
    with copy_of(full.name) as name:
        database = Database(name)
        with database.environment(commit=True, user=None) as env:
            goods.switch_rules_off(env)
            history = genealogy.History(env)
            history.add(env, 1, RAW)
        database.settle()
        with database.environment(commit=True) as env:
            recall = _open(env, history.lots["widespread"])
            found = {step: _measure(env, recall, step) for step in STEPS}
            assert (recall.state, recall.held_count) == ("contained", recall.lot_count)
            deliveries = recall.customer_ids.delivery_ids
            found |= {"lots": recall.lot_count, "deliveries": len(deliveries)}
        database.close()
        return found


def _open(env, lot_id):
    user = env.user
    user.group_ids |= env.ref("qms_traceability.group_recall_coordinator")
    return env["qms.recall"].create(
        {
            "subject": "Foreign matter",
            "recall_class": "2",
            "reason": "Found in the raw material.",
            "instructions": "Set it apart.",
            "lot_ids": [(6, 0, [lot_id])],
        }
    )


def _measure(env, recall, step):
    env.cr.commit()
    env.invalidate_all()
    return measure_action(env, lambda: DONE[step](recall))


def _hold_the_rest(recall):
    recall.env["qms.recall"].sudo()._cron_contain()


def _show(recall):
    recall.web_read({name: {} for name in HEAD})


DONE = {
    "analyse": lambda recall: recall.action_analyse(),
    "contain": lambda recall: recall.action_contain(),
    "rest": _hold_the_rest,
    "update": lambda recall: recall.action_update(),
    "form": _show,
}
LABELS = {
    "analyse": "Analyse",
    "contain": "Contain, the first 500 lots",
    "rest": "The other lots, in the background",
    "update": "Update",
    "form": "Head of the form",
}


def format_section(found):
    """Return the section of docs/performance.md."""
    lines = "\n".join(
        f"| {LABELS[step]} | {found[step]['seconds']:.2f} s"
        f" | {found[step]['queries']:,} |"
        for step in STEPS
    )
    return f"""\
## Recalling lots

{found["lots"]:,} lots of one raw lot, with {found["deliveries"]:,} deliveries. The rest
is held in batches of 500, each committed, and all is read once more after that.

| Step | Time | Queries |
| --- | ---: | ---: |
{lines}
"""
