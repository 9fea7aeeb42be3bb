"""Upgrades, uninstalls and installs the addons, and delivers a lot each time.

Run by ``test_install`` in a process of its own, with Odoo's own command line options.
"""

import sys
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tools import config

ADDONS = ("qms_quality", "qms_shelf_life", "qms_traceability")


@contextmanager
def environment():
    """Give an environment on the database; commit at the end."""
    with Registry(config["db_name"][0]).cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def deliver(env, number):
    """Deliver part of a lot, as plain Odoo does."""
    warehouse = env["stock.warehouse"].search([], limit=1)
    places = {
        "location_id": warehouse.lot_stock_id.id,
        "location_dest_id": env.ref("stock.stock_location_customers").id,
    }
    product = env["product.product"].create(
        {"name": f"After {number}", "is_storable": True, "tracking": "lot"}
    )
    lot = env["stock.lot"].create({"name": f"A{number}", "product_id": product.id})
    env["stock.quant"]._update_available_quantity(
        product, warehouse.lot_stock_id, 5, lot_id=lot
    )
    move = {"product_id": product.id, "product_uom_qty": 2, **places}
    picking = env["stock.picking"].create(
        {
            "picking_type_id": warehouse.out_type_id.id,
            "move_ids": [(0, 0, move)],
            **places,
        }
    )
    picking.action_confirm()
    picking.move_ids.picked = True
    picking.button_validate()
    assert picking.state == "done", picking.state
    assert sum(lot.quant_ids.mapped("quantity")) == 5
    return lot


def hold_and_uninstall(env):
    """Uninstall while goods are held, some of them by their lot."""
    lot = deliver(env, 1)
    status = env.ref("qms_quality.status_on_hold")
    vals = {"product_id": lot.product_id.id, "lot_id": lot.id, "reason": "left behind"}
    env["qms.hold"]._place([{**vals, "status_id": status.id}])
    # the demo's goods have moved: Odoo would try to delete them, and log that it can't
    demo = [("module", "in", ADDONS), ("name", "=like", r"demo\_%")]
    env["ir.model.data"].search(demo).unlink()
    env.cr.commit()
    # the others depend on the first, and go with it
    module = env["ir.module.module"].search([("name", "=", ADDONS[0])])
    module.button_immediate_uninstall()


def check_gone(env):
    """Nothing of the addons is left in the database."""
    env.cr.execute(
        r"""SELECT table_name || '.' || column_name FROM information_schema.columns
            WHERE column_name LIKE 'qms\_%' OR table_name LIKE 'qms\_%'"""
    )
    left = [name for (name,) in env.cr.fetchall()]
    assert not left, left
    env.cr.execute(r"SELECT proname FROM pg_proc WHERE proname LIKE 'qms\_%'")
    left = [name for (name,) in env.cr.fetchall()]
    assert not left, left
    assert "qms.hold" not in env
    check_forecast(env, gated=False)
    names = env["ir.model.data"].search([("module", "in", ADDONS)]).mapped("name")
    assert not names, names


def check_forecast(env, gated):
    """The view behind the forecast's graph asks for holds only with the addon."""
    env.cr.execute("SELECT pg_get_viewdef('report_stock_quantity'::regclass)")
    (definition,) = env.cr.fetchone()
    assert ("qms_" in definition) == gated, definition
    assert env["report.stock.quantity"].search_count([], limit=1)


def check_there(env):
    """Lots from before the addon are available."""
    available = env.ref("qms_quality.status_available")
    lots = env["stock.lot"].search([("name", "in", ("A1", "A2"))])
    assert lots.inspection_status_id == available
    check_forecast(env, gated=True)


def main():
    """Tell the story; print a word after each chapter."""
    config.parse_config(sys.argv[1:], setup_logging=True)
    name = config["db_name"][0]
    Registry.new(name, update_module=True, upgrade_modules=ADDONS)
    print("upgraded")
    with environment() as env:
        hold_and_uninstall(env)
    with environment() as env:
        check_gone(env)
        deliver(env, 2)
        env.cr.execute("UPDATE ir_module_module SET demo = false")  # saves time
    print("uninstalled")
    Registry.new(name, update_module=True, install_modules=ADDONS)
    print("installed")
    with environment() as env:
        check_there(env)
        deliver(env, 3)
    print("finished")


if __name__ == "__main__":
    main()
