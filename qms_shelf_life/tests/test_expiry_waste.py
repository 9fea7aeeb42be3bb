from datetime import datetime, timedelta

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from odoo.addons.qms_quality.tests.common import STOCK_USER

from .common_look_ahead import LookAheadCase
from .common_near_expiry import NearExpiryCase

PERCENTAGES = ("waste", "expired", "near", "other")


@tagged("post_install", "-at_install")
class TestExpiryWaste(LookAheadCase):
    """How much of the value of goods with dates is wasted."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.waste = cls.env["qms.expiry.waste"]
        cls.tag = cls.env["stock.scrap.reason.tag"].create({"name": "Broken bottle"})

    def _scrap(self, lot, quantity, date=None, tags=None, **vals):
        """Scrap of a lot; return the scrap order."""
        scrap = self.env["stock.scrap"].create(
            {
                "product_id": lot.product_id.id,
                "lot_id": lot.id,
                "scrap_qty": quantity,
                "location_id": self.stock.id,
                "scrap_reason_tag_ids": [(6, 0, tags.ids if tags else [])],
                **vals,
            }
        )
        scrap.do_scrap()
        self.assertEqual(scrap.state, "done")
        if date:
            scrap.move_ids.date = date
            scrap.move_ids.move_line_ids.date = date
        return scrap

    def _percent(self, *domain, groupby=(), user=None):
        """Return the percentages of milk, or of ``domain``."""
        self.env.flush_all()
        rows = self.waste.with_user(user or self.clerk)._read_group(
            list(domain) or [("product_id", "=", self.milk.id)],
            groupby,
            [f"{name}_percent:avg" for name in PERCENTAGES],
        )
        return [
            tuple(round(one, 2) if one.__class__ is float else one for one in row)
            for row in rows
        ]

    def test_percentages(self):
        """Wasted out of used and wasted, and each reason's part of it."""
        fresh = self._make_dated_lot("FRESH", 10, quantity=100)
        old = self._make_dated_lot("OLD", -2, quantity=20)
        self._take_back(self._deliver(fresh, 70), 10)
        self._scrap(old, 20)
        self._scrap(fresh, 15, tags=self.tag)
        self._scrap(fresh, 5)
        # 60 used; 20 expired, 15 broken and 5 for no reason
        self.assertEqual(self._percent(), [(40.0, 20.0, 0.0, 20.0)])
        rows = self.waste.with_user(self.clerk).search(
            [("product_id", "=", self.milk.id)], order="id"
        )
        self.assertEqual(
            [(row.reason, row.used_value, row.waste_value) for row in rows],
            [
                ("used", 140, 0),
                ("used", -20, 0),
                ("expired", 0, 40),
                ("damaged", 0, 30),
                ("other", 0, 10),
            ],
        )

    def test_over_time(self):
        """By month, as the graph shows it; a group's percentage is of its sums."""
        lot = self._make_dated_lot("A", 10, quantity=200)
        first, second = datetime(2031, 1, 15, 12), datetime(2031, 2, 15, 12)
        for quantity, date in ((10, first), (90, second)):
            move = self._deliver(lot, quantity).move_ids
            move.date = date
            move.move_line_ids.date = date
        self._scrap(lot, 10, first)
        self._scrap(lot, 10, second)
        months = self._percent(groupby=["date:month"])
        self.assertEqual([row[1] for row in months], [50.0, 10.0])
        self.assertEqual(self._percent()[0][0], round(100 * 20 / 120, 2))
        by_category = self._percent(groupby=["categ_id"])
        self.assertEqual(by_category[0][:2], (self.milk.categ_id, 16.67))

    def test_calendar(self):
        """The warehouse's day decides what had expired when it was wasted."""
        lot = self._make_dated_lot("A", 10, quantity=20)
        lot.expiration_date = datetime(2031, 3, 9, 12)
        scrap = self._scrap(lot, 10, datetime(2031, 3, 10, 4, 30))
        for zone, day, reason in (
            ("Europe/Paris", "2031-03-10", "expired"),
            ("America/Los_Angeles", "2031-03-09", "other"),
        ):
            self.warehouse.partner_id = self.env["res.partner"].create(
                {"name": zone, "tz": zone}
            )
            self.env.flush_all()
            self.env.invalidate_all()
            row = self.waste.search([("scrap_id", "=", scrap.id)])
            self.assertEqual((str(row.date), row.reason), (day, reason), zone)

    def test_date_that_is_corrected_later(self):
        """What was scrapped while it was good, or expired, stays what it was."""
        lot = self._make_dated_lot("A", 1, quantity=20)
        good = self._scrap(lot, 10)
        lot.expiration_date = self._noon(-2)
        late = self._scrap(lot, 10)
        lot.expiration_date = self._noon(30)
        self.env.flush_all()
        for scrap, reason in ((good, "other"), (late, "expired")):
            row = self.waste.search([("scrap_id", "=", scrap.id)])
            self.assertEqual(row.reason, reason)
        line = good.move_ids.move_line_ids.with_user(self.clerk)
        kept = line.qms_scrapped_expiration_date
        for forged in ({}, {"default_qms_scrapped_expiration_date": False}):
            with self.assertRaisesRegex(AccessError, "kept by scrapping them"):
                line.with_context(**forged).qms_scrapped_expiration_date = False
        self.assertEqual(line.qms_scrapped_expiration_date, kept)

    def _noon(self, days):
        start = self.warehouse._qms_get_day_start(self.today + timedelta(days=days))
        return start + timedelta(hours=12)

    def test_part_of_a_move(self):
        """A move of two lots is worth its lots' parts, in the unit it is made in."""
        fresh = self._make_dated_lot("FRESH", 10, quantity=24)
        older = self._make_dated_lot("OLDER", 5, quantity=12)
        picking = self._picking("outgoing", 3, self.milk)
        picking.move_ids.product_uom = self.env.ref("uom.product_uom_dozen")
        picking.action_confirm()
        picking.action_assign()
        picking.move_ids.picked = True
        picking._action_done()
        self.env.flush_all()
        rows = self.waste.search([("move_id", "=", picking.move_ids.id)])
        self.assertEqual(
            {row.lot_id: (row.quantity, row.used_value) for row in rows},
            {fresh: (24, 48), older: (12, 24)},
        )

    def test_counts_are_no_waste(self):
        """What a count doesn't find is no waste, and moving goods is no use."""
        lot = self._make_dated_lot("A", 10, quantity=20)
        quant = self.env["stock.quant"]._gather(self.milk, self.stock, lot_id=lot)
        quant.with_context(inventory_mode=True).inventory_quantity = 15
        quant.action_apply_inventory()
        move = self._picking("internal", 5, self.milk, dest=self.shelf)
        move.action_confirm()
        move.action_assign()
        move.move_ids.picked = True
        move._action_done()
        self.env.flush_all()
        self.assertFalse(self.waste.search([("product_id", "=", self.milk.id)]))

    def test_screens(self):
        """A row opens what it comes from."""
        lot = self._make_dated_lot("A", 10, quantity=20)
        picking = self._deliver(lot, 5)
        scrap = self._scrap(lot, 5)
        self.env.flush_all()
        rows = self.waste.with_user(self.clerk).search([("lot_id", "=", lot.id)])
        found = {
            (action["res_model"], action["res_id"])
            for action in map(type(rows).action_open_move, rows)
        }
        self.assertEqual(
            found, {("stock.picking", picking.id), ("stock.scrap", scrap.id)}
        )

    def test_rights(self):
        """Warehouse users and inspectors see the waste of their companies."""
        lot = self._make_dated_lot("A", 10, quantity=20)
        self._scrap(lot, 5)
        company = self.env["res.company"].create({"name": "Other Dairy"})
        stranger = new_test_user(
            self.env,
            "qms_stranger",
            groups=f"base.group_user,{STOCK_USER}",
            context={"no_reset_password": True},
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        colleague = self._make_user("qms_colleague", "base.group_user")
        for user in (self.clerk, self.inspector, self.keeper):
            self.assertEqual(self._percent(user=user)[0][0], 100.0, user.login)
        # nothing: no group, or one without a figure
        self.assertFalse(self._percent(user=stranger)[0][0])
        with self.assertRaises(AccessError):
            self._percent(user=colleague)


@tagged("post_install", "-at_install")
class TestNearExpiryWaste(NearExpiryCase):
    """What a decision about goods near their date wastes."""

    def test_decisions(self):
        """Goods that are destroyed or donated are wasted near their expiry."""
        self.milk.standard_price = 2
        lots = {
            kind: self._make_dated_lot(kind, 4, quantity=10)
            for kind in ("destroy", "donate")
        }
        self._run()
        self._decide(self._row(lots["destroy"]), "destroy")
        row = self._decide(self._row(lots["donate"]), "donate", partner_id=self.partner)
        moves = self.env["stock.move"].search([("qms_expiry_decision_id", "=", row.id)])
        self._ship(moves.picking_id)
        self.env.flush_all()
        rows = (
            self.env["qms.expiry.waste"]
            .with_user(self.clerk)
            .search([("product_id", "=", self.milk.id)])
        )
        self.assertEqual(
            {row.lot_id.name: (row.reason, row.near_value) for row in rows},
            {"destroy": ("near", 20), "donate": ("near", 20)},
        )
