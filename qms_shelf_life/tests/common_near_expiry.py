from datetime import timedelta

from odoo.tests import Form

from .common import ShelfLifeCase


class NearExpiryCase(ShelfLifeCase):
    """Goods that come near their date in the dairy, from 10 days before on.

    ``cls.keeper`` decides. The dairy holds what is near; others only list it.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Row = cls.env["qms.expiry.decision"]
        # what the demo and other tests have in stock is not near here
        cls.company.qms_near_expiry = False
        cls.env["product.template"].search([]).qms_near_expiry = False
        cls.env["product.category"].search([]).qms_near_expiry = False
        cls.milk.qms_near_expiry = "10D"
        cls.milk.lst_price = 2.0
        cls.milk.standard_price = 1.5
        cls.warehouse.qms_near_expiry_mode = "hold"
        cls.client = cls.env["res.partner"].create({"name": "Corner Shop"})
        cls.near = cls.env.ref("qms_shelf_life.status_near_expiry")

    def _run(self, limit=1000):
        """Let the scheduled action do its work, as it runs at night.

        Without its commits: a test case may not make any.
        """
        crons = self.env["ir.cron"]
        self.patch(type(crons), "_commit_progress", lambda *args, **vals: 60.0)
        self.Row.with_user(self.env.ref("base.user_root"))._cron_near_expiry(limit)

    def _list(self, lot):
        """Have a lot listed; return its row."""
        self._run()
        return self._row(lot)

    def _row(self, lot, state="waiting", warehouse=None):
        return self.Row.search(
            [
                ("lot_id", "=", lot.id),
                ("state", "=", state),
                ("warehouse_id", "=", (warehouse or self.warehouse).id),
            ]
        )

    def _decide(self, row, kind, **vals):
        """Decide as the shelf-life manager does: on the form, by its button."""
        row = row.with_user(self.keeper)
        with Form(row) as form:
            form.kind = kind
            form.reason = vals.pop("reason", "Too much of it")
            for name, value in vals.items():
                if isinstance(value, type(self.env["qms.test.group"])):
                    for one in value:
                        form[name].add(one)
                else:
                    form[name] = value
        row.action_decide()
        return row.with_user(self.env.user)

    def _holds(self, lot):
        return self.env["qms.hold"].search(
            [("lot_id", "=", lot.id), ("state", "=", "open")]
        )

    def _ship(self, picking, quantity=None):
        """Ship a transfer as a clerk, in part if there is a quantity."""
        picking = picking.with_user(self.clerk)
        if quantity is not None:
            picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking.with_context(skip_expired=True, skip_backorder=True).button_validate()
        self.assertEqual(picking.state, "done")

    def _move(self, days):
        """Return a date so many days from today."""
        return self.today + timedelta(days=days)
