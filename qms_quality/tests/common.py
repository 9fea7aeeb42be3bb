from odoo.tests import TransactionCase, new_test_user

from .shared import find_shared

STOCK_USER = "stock.group_stock_user"
INSPECTOR = "qms_quality.group_quality_inspector"
MANAGER = "qms_quality.group_quality_manager"


class QmsCase(TransactionCase):
    """Small factories for goods, holds and transfers.

    ``cls.product`` is tracked by lot, ``cls.untracked`` is not; ``cls.stock`` is the
    warehouse's stock, ``cls.shelf`` a place inside it. ``cls.clerk`` may only use
    Inventory, ``cls.inspector`` and ``cls.manager`` only Quality.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, tracking_disable=True))
        cls.company = cls.env.company
        # those who test cases switch it on
        cls.company.qms_open_cases = False
        for name, record in (find_shared(cls.env) or cls._make_shared()).items():
            setattr(cls, name, record)
        cls.stock = cls.warehouse.lot_stock_id
        cls.supplier = cls.env.ref("stock.stock_location_suppliers")
        cls.customer = cls.env.ref("stock.stock_location_customers")
        cls.on_hold = cls.env.ref("qms_quality.status_on_hold")
        cls.under_inspection = cls.env.ref("qms_quality.status_under_inspection")
        cls.available = cls.env.ref("qms_quality.status_available")
        cls.rejected = cls.env.ref("qms_quality.status_rejected")

    @classmethod
    def _make_shared(cls):
        """Return what every class needs, by the names of its attributes."""
        cls._live_in_utc()
        warehouse = cls._make_warehouse()
        return {
            "warehouse": warehouse,
            "shelf": cls._make_location("Shelf", warehouse.lot_stock_id),
            "product": cls._make_product("Milk"),
            "untracked": cls._make_product("Salt", tracking="none"),
            "partner": cls.env["res.partner"].create({"name": "Green Farm"}),
            "clerk": cls._make_user("qms_clerk", STOCK_USER),
            "inspector": cls._make_user("qms_inspector", INSPECTOR),
            "manager": cls._make_user("qms_manager", MANAGER),
        }

    @classmethod
    def _make_shared_in(cls, env):
        """Return the same, made in an environment that isn't of a test."""
        cls.env, cls.company = env, env.company
        return cls._make_shared()

    @classmethod
    def _live_in_utc(cls):
        """Let a day begin for Odoo's own users when it does for the tests' users.

        Demo data puts them into Brussels, where it is tomorrow from 23:00 on.
        """
        for name in ("base.partner_root", "base.partner_admin"):
            cls.env.ref(name).tz = "UTC"

    @classmethod
    def _make_warehouse(cls):
        warehouse = cls.env["stock.warehouse"].create(
            {"name": "Dairy", "code": "DAIRY"}
        )
        types = cls.env["stock.picking.type"].search(
            [("warehouse_id", "=", warehouse.id)]
        )
        if "auto_batch" in types._fields:
            # core reads the batch with the rights of whoever cancels a purchase
            types.auto_batch = False
        return warehouse

    @classmethod
    def _make_user(cls, login, *groups):
        return new_test_user(
            cls.env,
            login,
            groups=",".join(("base.group_user", *groups)),
            context={"no_reset_password": True},
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    @classmethod
    def _make_location(cls, name, parent=None, **vals):
        parent = parent or cls.stock
        return cls.env["stock.location"].create(
            {"name": name, "location_id": parent.id, "usage": "internal", **vals}
        )

    @classmethod
    def _make_product(cls, name, tracking="lot", **vals):
        return cls.env["product.product"].create(
            {"name": name, "is_storable": True, "tracking": tracking, **vals}
        )

    @classmethod
    def _make_lot(cls, name, product=None):
        product = product or cls.product
        return cls.env["stock.lot"].create({"name": name, "product_id": product.id})

    @classmethod
    def _stock_up(cls, quantity, lot=None, location=None, product=None, package=None):
        """Put goods in a place, as superuser; return the quant."""
        product = product or lot.product_id
        location = location or cls.stock
        cls.env["stock.quant"]._update_available_quantity(
            product, location, quantity, lot_id=lot, package_id=package
        )
        return cls.env["stock.quant"]._gather(
            product, location, lot_id=lot, package_id=package, strict=True
        )[:1]

    @classmethod
    def _hold(cls, status=None, reason="Test", **goods):
        """Hold a lot, a lot in a place, a package's goods or a product in a place."""
        records = {name: record for name, record in goods.items() if record}
        product = records.get("product") or records["lot"].product_id
        vals = {f"{name}_id": record.id for name, record in records.items()}
        return cls.env["qms.hold"]._place(
            [
                {
                    **vals,
                    "product_id": product.id,
                    "status_id": (status or cls.on_hold).id,
                    "reason": reason,
                }
            ]
        )

    @classmethod
    def _picking(cls, code, quantity, product=None, source=None, dest=None, **vals):
        """Return a draft transfer of the warehouse with one move."""
        product = product or cls.product
        wh = cls.warehouse
        kind = {"incoming": wh.in_type_id, "outgoing": wh.out_type_id}.get(
            code, wh.int_type_id
        )
        source = source or {"incoming": cls.supplier}.get(code, cls.stock)
        dest = dest or {"outgoing": cls.customer}.get(code, cls.stock)
        return cls.env["stock.picking"].create(
            {
                "picking_type_id": kind.id,
                "location_id": source.id,
                "location_dest_id": dest.id,
                "partner_id": cls.partner.id,
                "move_ids": [
                    (
                        0,
                        0,
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "product_uom": product.uom_id.id,
                            "location_id": source.id,
                            "location_dest_id": dest.id,
                        },
                    )
                ],
                **vals,
            }
        )

    @classmethod
    def _delivery(cls, quantity, lot=None, **vals):
        """Return a confirmed delivery, reserved from ``lot`` even if it is held."""
        picking = cls._picking("outgoing", quantity, **vals)
        picking.action_confirm()
        if lot:
            picking.move_ids._do_unreserve()
            line = picking.move_ids._prepare_move_line_vals(quantity=quantity)
            line["lot_id"] = lot.id
            # the key skips the early refusal, so that posting is what refuses
            cls.env["stock.move.line"].with_context(qms_picked_by_system=True).create(
                line
            )
        picking.move_ids.picked = True
        return picking

    def _quantity(self, location, lot=None, product=None):
        """Return what is on hand in a place, reserved or not."""
        quants = self.env["stock.quant"]._gather(
            product or lot.product_id, location, lot_id=lot, strict=True
        )
        return sum(quants.filtered(lambda q: not lot or q.lot_id).mapped("quantity"))
