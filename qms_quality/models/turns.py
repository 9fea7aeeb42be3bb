from odoo.tools import SQL


def take_turns(records):
    """Let whoever works on the same records do it one after the other.

    Who comes second waits, and where the first one got through he runs again: he sees
    the database as it was when he began.
    """
    if not records:
        return
    table = SQL.identifier(records._table)
    records.env.cr.execute(
        SQL(
            """UPDATE %s SET write_date = write_date
               WHERE id IN (SELECT id FROM %s WHERE id IN %s
                            ORDER BY id FOR NO KEY UPDATE)""",
            table,
            table,
            tuple(records.ids),
        )
    )
