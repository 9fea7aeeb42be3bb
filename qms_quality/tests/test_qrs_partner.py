from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form

from .common_requirement import RequirementCase

HEAD = (
    "Two active cards can't ask for different things of the same goods. Change dates,"
    " place or target of one, or deactivate it."
)


class TestQrsPartner(RequirementCase):
    """Who gets which card, from both sides, and cards that clash."""

    def _open(self, action):
        wizard = self.env[action["res_model"]].with_user(self.administrator)
        return wizard.browse(action["res_id"])

    # -- Assigning ---------------------------------------------------------------------

    def test_from_the_card(self):
        card = self._card("A")
        with Form(self._open(card.action_assign_partners())) as form:
            self.assertEqual(form.partner_ids[:], self.fresh)
            form.partner_ids.add(self.buyer.with_user(self.administrator))
            form.partner_ids.add(self.partner.with_user(self.administrator))
            wizard = form.save()
        wizard.action_assign()
        self.assertEqual(card.partner_ids, self.fresh | self.partner)
        self.assertEqual(card.state, "active")

    def test_from_the_partner(self):
        """Only active cards of its type are offered, and given."""
        partner = self.fresh.with_user(self.administrator)
        sales = self._card("S", partners=self.partner)
        purchase = self._card("P", type="purchase", partners=self.partner)
        draft = self._card("D", active=False, partners=self.partner)
        wizard = self._open(
            self.buyer.with_user(self.administrator).action_qms_assign_requirements()
        )
        self.assertEqual(wizard.partner_id, partner)
        domain = self.env["qms.qrs.assign.wizard"]._fields["qrs_ids"].domain
        offered = self.cards.search(
            [
                (name, operator, wizard.other_type if value == "other_type" else value)
                for name, operator, value in (
                    ("state", "=", "active"),
                    ("type", "!=", "production"),
                    ("type", "!=", "other_type"),
                )
            ]
        )
        self.assertIn("('type', '!=', other_type)", domain)
        self.assertEqual(offered & (sales | purchase | draft), sales)
        with Form(wizard) as form:
            form.qrs_ids.add(sales)
            form.save()
        wizard.action_assign()
        self.assertIn(self.fresh, sales.partner_ids)
        self.assertEqual(self.fresh.qms_qrs_count, 1)
        self.assertEqual(self.buyer.qms_qrs_count, 1)
        found = self.env["qms.qrs"].search(
            self.buyer.action_qms_open_requirements()["domain"]
        )
        self.assertEqual(found, sales.sudo())
        wizard.qrs_ids = purchase
        with self._refused(
            UserError,
            "Fresh Foods is no partner for these cards: P · Card P. Cards for sales are"
            " for customers, those for purchase for vendors.",
        ):
            wizard.action_assign()
        wizard.qrs_ids = draft
        with self._refused(
            UserError, "Only active cards can be given to partners, not: D · Card D."
        ):
            wizard.action_assign()
        wizard.qrs_ids = [Command.clear()]
        wizard.action_assign()
        self.assertNotIn(self.fresh, sales.partner_ids)

    def test_inactive_cards_and_production(self):
        card = self._card("I")
        made = self._card("M", type="production")
        card.action_deactivate()
        with self._refused(UserError, "Only active cards can be given to partners"):
            card._set_partners(self.partner)
        with self._refused(
            UserError, "Cards for production have no partners: M · Card M."
        ):
            made._set_partners(self.partner)

    def test_clerks_assign_nothing(self):
        card = self._card("R")
        for user in (self.seller, self.purchaser, self.clerk):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.fresh.with_user(user).action_qms_assign_requirements()
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                card.with_user(user)._set_partners(self.partner)
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                self.env["qms.qrs.assign.wizard"].with_user(user).create({})

    # -- Clashes -----------------------------------------------------------------------

    def test_clash_at_activation(self):
        line = self._line(self.product)
        self._card("ONE", line, date_from="2026-01-01", date_to="2026-06-30")
        other = self._card(
            "TWO", self._line(self.product), date_from="2026-06-30", active=False
        )
        with self._refused(
            UserError,
            f"{HEAD}\n- ONE · Card ONE and TWO · Card TWO: Milk, 06/30/2026 to"
            " 06/30/2026, everywhere, Fresh Foods",
        ):
            other.action_activate()
        self.assertEqual(other.state, "draft")
        other.date_from = "2026-07-01"
        other.action_activate()

    def test_clash_at_assignment(self):
        self._card("ONE", self._line(self.product), location_id=self.shelf.id)
        other = self._card(
            "TWO",
            self._line(self.product),
            location_id=self.shelf.id,
            partners=self.partner,
        )
        with self._refused(
            UserError,
            f"{HEAD}\n- ONE · Card ONE and TWO · Card TWO: Milk, at all times,"
            f" {self.shelf.display_name}, Fresh Foods",
        ):
            other._set_partners(self.partner | self.buyer)
        self.assertEqual(other.partner_ids, self.partner)

    def test_together(self):
        """Two drafts that are activated together clash, too."""
        cards = self._card("ONE", active=False) | self._card("TWO", active=False)
        with self._refused(
            UserError, "ONE · Card ONE and TWO · Card TWO: All products"
        ):
            cards.action_activate()

    def test_what_does_not_clash(self):
        """Another target, place, partner, type, company, or what a product is for."""
        template = self.product.product_tmpl_id
        category = self.env["product.category"].create({"name": "Dairy"})
        other = self.env["res.company"].create({"name": "Other Dairy"})
        self._card("ALL")
        self._card("VARIANT", self._line(self.product))
        self._card("PRODUCT", self._line(template))
        self._card("PLACE", location_id=self.stock.id)
        self._card("DEEPER", location_id=self.shelf.id)
        self._card("PARTNER", partners=self.partner)
        self._card("TYPE", type="purchase")
        company = self._card("COMPANY", active=False)
        company.sudo().company_id = other
        company.sudo().with_user(self.env.ref("base.user_root"))._check_clashes()
        self._card(
            "USE",
            self._line(self.product, use="output"),
            self._line(category, use="component"),
            type="production",
        )
        self._card("USE2", self._line(self.product, use="component"), type="production")
        clash = self._card("ALL2", active=False)
        with self._refused(UserError, "ALL · Card ALL and ALL2 · Card ALL2"):
            clash.action_activate()

    def test_production_clashes_without_partners(self):
        self._card("MO", self._line(self.product), type="production")
        other = self._card(
            "MO2",
            self._line(self.product, use="output"),
            type="production",
            active=False,
        )
        with self._refused(
            UserError, "MO · Card MO and MO2 · Card MO2: Milk, at all times, everywhere"
        ):
            other.action_activate()
