from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import UserError

from odoo.addons.qms_quality.tests.common_deviation import DeviationCase

from .common import ShelfLifeCase


class MinimumCase(DeviationCase, ShelfLifeCase):
    """Customers who want some shelf life, and three lots of milk.

    ``cls.fresh`` and ``cls.hotel`` are customers; the warehouse takes goods by their
    expiration. ``_make_lots`` stocks SHORT (5 days left), MID (12) and LONG (30).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hotel = cls.env["res.partner"].create({"name": "Hotel", "is_company": True})
        cls.warehouse.action_qms_use_fefo()
        # those of the demo would have a say
        active = cls.env["qms.qrs"].search([("state", "=", "active")])
        active.with_user(cls.administrator).action_deactivate()

    @classmethod
    def _make_lots(cls, quantity=10):
        days = {"LONG": 30, "SHORT": 5, "MID": 12}
        lots = {
            name: cls._make_dated_lot(name, left, quantity=quantity)
            for name, left in days.items()
        }
        return [lots[name] for name in ("SHORT", "MID", "LONG")]

    @classmethod
    def _left(cls, formula, departure="blocked", basis="remaining"):
        """Return the values of a criterion about the shelf life."""
        return {
            "kind": "min_shelf_life",
            "shelf_life_basis": basis,
            "shelf_life_formula": formula,
            "departure": departure,
        }

    @classmethod
    def _percent(cls, percent, departure="blocked"):
        return {
            "kind": "min_shelf_life",
            "shelf_life_basis": "percent",
            "shelf_life_percent": percent,
            "departure": departure,
        }

    @classmethod
    def _card_of(cls, partner, *criteria, code="MIN", **vals):
        """Return an active card of a partner for all products."""
        values = {
            "code": code,
            "description": "Demands",
            "partner_ids": [Command.set(partner.ids)],
            "line_ids": [
                Command.create(
                    {
                        "applies_to": "all",
                        "criterion_ids": [Command.create(one) for one in criteria],
                    }
                )
            ],
            **vals,
        }
        card = cls.env["qms.qrs"].with_user(cls.administrator).create(values)
        card.action_activate()
        return card

    @classmethod
    def _sell_milk(cls, quantity, partner=None):
        return cls._sell(quantity, product=cls.milk, partner=partner)

    @contextmanager
    def _refused(self, text):
        """Expect a refusal, and undo what led to it."""
        with self.assertRaisesRegex(UserError, text), self.env.cr.savepoint():
            yield
