from odoo.tools import SQL

# Odoo would compute new stored columns row by row when the addon is installed.
_COLUMNS = {
    "stock_lot": {
        "inspection_status_id": "int4",
        "qms_blocked_types": "varchar",
        "qms_status_date": "timestamp",
        "qms_term_date": "timestamp",
        "qms_gate_counter": "int4",
        "parent_lot_id": "int4",
    },
    "product_product": {"qms_gate_counter": "int4"},
}


def pre_init_hook(env):
    """Create the columns of large tables beforehand: nothing is held yet."""
    for table, columns in _COLUMNS.items():
        for column, kind in columns.items():
            env.cr.execute(
                SQL(
                    "ALTER TABLE %s ADD COLUMN IF NOT EXISTS %s %s",
                    SQL.identifier(table),
                    SQL.identifier(column),
                    SQL(kind),
                )
            )


def post_init_hook(env):
    """Show every existing lot as available, in one statement."""
    available = env.ref("qms_quality.status_available")
    env.cr.execute(
        SQL(
            "UPDATE stock_lot SET inspection_status_id = %s"
            " WHERE inspection_status_id IS NULL",
            available.id,
        )
    )
    env["stock.lot"].invalidate_model(["inspection_status_id"])
    # its view could not be made before the ledger was there
    env["report.stock.quantity"].init()


def uninstall_hook(env):
    """Untie the addon's tables, so that their records and core's can be deleted.

    Holds and statuses are kept from deletion by what they are about; the tables are
    dropped right after, and the columns that refer to them. Core's view of the forecast
    reads the ledger, and would be dropped with it.
    """
    _drop_functions(env.cr)
    # a unit may be anybody's by now: it stays
    units = [("module", "=", "qms_quality"), ("model", "=", "uom.uom")]
    env["ir.model.data"].search(units).unlink()
    env["report.stock.quantity"].with_context(qms_uninstall=True).init()
    env.cr.execute(
        r"""SELECT conrelid::regclass::text, conname FROM pg_constraint
            WHERE contype = 'f' AND (confrelid::regclass::text LIKE 'qms\_%'
                                     OR conrelid::regclass::text LIKE 'qms\_%')"""
    )
    for table, constraint in env.cr.fetchall():
        env.cr.execute(
            SQL(
                "ALTER TABLE %s DROP CONSTRAINT %s",
                SQL.identifier(table),
                SQL.identifier(constraint),
            )
        )


def _drop_functions(cr):
    """Drop what the triggers call, and the triggers with it: all rows may go now."""
    cr.execute(
        r"""SELECT proname FROM pg_proc
            WHERE proname LIKE 'qms\_%' AND pg_function_is_visible(oid)"""
    )
    for (name,) in cr.fetchall():
        cr.execute(SQL("DROP FUNCTION %s CASCADE", SQL.identifier(name)))
