"""Numbers as people read them: in their language, with the decimals that they have."""

from math import isclose, isfinite

from odoo.tools.misc import formatLang

# Of a number without a unit: more than anything is measured in.
MOST_DECIMALS = 9


def format_number(env, value, least=0, most=MOST_DECIMALS):
    """Return a number as text, such as ``1,234,567.5``, by the language of ``env``.

    :param float value: the number
    :param int least: how many decimals it has at least
    :param int most: how many it has at most
    """
    if not isfinite(value):
        return str(value)
    # what is nothing as far as it can be read has no sign either
    value = round(value, most) + 0.0
    digits = least
    while digits < most and not isclose(round(value, digits), value, rel_tol=1e-14):
        digits += 1
    return formatLang(env, value, digits=digits)


def format_quantity(env, quantity):
    """Return a quantity of goods as text, as exact as Odoo counts goods."""
    most = env["decimal.precision"].precision_get("Product Unit")
    return format_number(env, quantity, most=most)
