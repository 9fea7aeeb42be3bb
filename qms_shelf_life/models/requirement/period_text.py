"""Date formulas as people say them."""


def get_period_text(env, formula):
    """Return a formula in words: "10 days", "1 year less 5 days".

    :param formula: ``DateFormula``
    :return: text, None for formulas that are more than periods
    """
    first, *others = formula.terms
    if first.sign < 0 or any(term.kind != "period" for term in formula.terms):
        return None
    text = _get_term_text(env, first)
    for term in others:
        more = _get_term_text(env, term)
        text = (
            env._("%(period)s and %(more)s", period=text, more=more)
            if term.sign > 0
            else env._("%(period)s less %(more)s", period=text, more=more)
        )
    return text


def _get_term_text(env, term):
    number = term.value
    if number == 1:
        return {
            "D": env._("1 day"),
            "W": env._("1 week"),
            "M": env._("1 month"),
            "Q": env._("1 quarter"),
            "Y": env._("1 year"),
        }[term.unit]
    return {
        "D": env._("%s days", number),
        "W": env._("%s weeks", number),
        "M": env._("%s months", number),
        "Q": env._("%s quarters", number),
        "Y": env._("%s years", number),
    }[term.unit]
