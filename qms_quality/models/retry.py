"""Errors that are nobody's mistake: done again, the same works."""

from psycopg2 import OperationalError


def is_transient(error):
    """Tell whether an error comes of the database's present state, such as a lost lock.

    What catches any other error lets these through: Odoo runs the request again.

    :param Exception error: possibly one that wraps what was raised first
    """
    while error:
        if isinstance(error, OperationalError):
            return True
        error = error.__cause__ or error.__context__
    return False
