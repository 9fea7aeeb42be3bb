from odoo.tools import SQL

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

# Odoo would compute a new stored column row by row when the addon is installed.
_COLUMNS = {
    "stock_lot": {
        "qms_production_date": "date",
        "qms_sell_by_date": "date",
        "qms_rule_expiration_date": "timestamp",
        "qms_ingredient_date": "timestamp",
    },
}


def pre_init_hook(env):
    """Create the columns of large tables beforehand: no product has a rule yet."""
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


def uninstall_hook(env):
    """Release the holds that only show dates: without them, they would block."""
    shown = [("is_expiry", "=", True), ("state", "=", "open")]
    holds = env["qms.hold"].search(shown)
    holds._qms_do_release(env._("Shelf Life was uninstalled"))
    # as long as the trail can tell of them
    kinds = [("kind", "in", ("min_shelf_life", "fefo", "fifo"))]
    for model in ("qms.qrs.document.criterion", "qms.qrs.criterion"):
        uninstalling = env[model].with_context(**{MODULE_UNINSTALL_FLAG: True})
        uninstalling.search(kinds)._qms_drop_kind()
    env.cr.flush()
