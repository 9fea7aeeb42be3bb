"""The proof that a protected write comes from a checked action.

A context key can be sent by any RPC client; a Python object cannot. What must not be
forged (states, badges, permits, audit entries) is written by the server's own code
through :func:`trusted`, and everything else is refused.
"""

from odoo.tools.misc import clean_context

SENTINEL = object()
CONTEXT_KEY = "qms_sentinel"


def trusted(records):
    """Return ``records`` in a context that protected writes accept.

    Without the caller's ``default_*`` keys: they would fill in what the action leaves
    to its defaults, such as the state of a hold.
    """
    context = clean_context(records.env.context)
    return records.with_env(records.env(context={**context, CONTEXT_KEY: SENTINEL}))


def untrusted(records):
    """Return ``records`` without the proof, before they are handed to a caller."""
    if CONTEXT_KEY not in records.env.context:
        return records
    context = dict(records.env.context)
    del context[CONTEXT_KEY]
    return records.with_env(records.env(context=context))


def is_trusted(env):
    """Tell whether ``env`` carries the proof."""
    return env.context.get(CONTEXT_KEY) is SENTINEL
