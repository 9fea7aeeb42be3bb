"""The same goods in both databases, and holds on a share of them in one."""

SETS = 5_000


def make_product(env, name, tracking="lot", **vals):
    """Create a product whose stock is kept."""
    return env["product.product"].create(
        {"name": name, "is_storable": True, "tracking": tracking, **vals}
    )


def make_products(env, name, count):
    """Create ``count`` products that are tracked by lot."""
    return env["product.product"].create(
        [
            {"name": f"{name} {number}", "is_storable": True, "tracking": "lot"}
            for number in range(count)
        ]
    )


def make_stock(env, products, lots_each, quantity=1.0):
    """Put ``lots_each`` lots of each product into stock, oldest first."""
    lots = env["stock.lot"].create(
        [
            {"name": f"{product.id}-{number:05}", "product_id": product.id}
            for product in products
            for number in range(lots_each)
        ]
    )
    place = warehouse(env).lot_stock_id
    env["stock.quant"].sudo().create(
        [
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "location_id": place.id,
                "quantity": quantity,
            }
            for lot in lots
        ]
    )
    return lots


def warehouse(env):
    """Return the company's first warehouse."""
    return env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)


def switch_rules_off(env):
    """Leave the addons as freshly installed, without the rules of the demo data."""
    if "qms.hold" not in env:
        return
    for name in ("qms.quality.association", "qms.status.rule", "qms.attribute"):
        env[name].search([]).active = False
    env["qms.qrs"].search([("state", "=", "active")]).action_deactivate()
    env["res.company"].search([]).write(
        {"qms_close_needs_signoff": False, "qms_start_needs_components": False}
    )


def hold_share(env, product_ids, percent):
    """Hold that share of the lots of products, spread evenly over their age."""
    lots = env["stock.lot"].search([("product_id", "in", product_ids)], order="id")
    held = lots.filtered("qms_blocked_types")
    wanted = len(lots) * percent // 100
    chosen = [
        lot
        for number, lot in enumerate(lots)
        if (number + 1) * percent // 100 > number * percent // 100
    ]
    status = env.ref("qms_quality.status_on_hold")
    env["qms.hold"]._place(
        [
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "status_id": status.id,
                "reason": "Benchmark",
            }
            for lot in chosen
            if lot not in held
        ]
    )
    count = len(lots.filtered("qms_blocked_types"))
    assert wanted <= count, (wanted, count)
