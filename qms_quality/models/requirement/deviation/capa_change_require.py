from odoo import api, fields, models
from odoo.fields import Command

from ..card.criterion_mixin import DEPARTURES


class QmsCapaChange(models.Model):
    """A supplier's goods must meet one thing more: a certificate, or a test."""

    _inherit = "qms.capa.change"

    kind = fields.Selection(
        selection_add=[("require", "Require of a supplier")],
        ondelete={"require": "cascade"},
    )
    require_kind = fields.Selection(
        [
            ("certificate", "Certificate of analysis"),
            ("test_group", "Test group passed"),
        ],
        "Requirement",
        default="certificate",
    )
    require_test_group_id = fields.Many2one(
        "qms.test.group", "Test Group to Pass", ondelete="restrict"
    )
    require_departure = fields.Selection(
        DEPARTURES, "Departures Are", default="blocked"
    )

    @api.model
    def _get_signed_fields(self):
        names = ["require_kind", "require_test_group_id", "require_departure"]
        return [*super()._get_signed_fields(), *names]

    def _get_subjects(self):
        subjects = super()._get_subjects()
        if self.kind != "require":
            return subjects
        labels = dict(self._fields["require_kind"]._description_selection(self.env))
        what = self.require_test_group_id.display_name or labels.get(self.require_kind)
        return [*subjects, what]

    def _get_require_gaps(self):
        gaps = []
        if not self.partner_id:
            gaps.append(self.env._("choose the supplier"))
        if self.require_kind == "test_group" and not self.require_test_group_id:
            gaps.append(self.env._("choose the test group"))
        return gaps

    def _apply_require(self):
        """Add the criterion in a new version of the supplier's card, or make one."""
        former = self._get_required_card()
        card = former._get_draft() if former else self._make_required_card()
        self._add_requirement(card)
        card._check_activate()
        # a rule about cards is a rule about this one, too
        card._qms_let_pass("activate")._qms_do_activate()
        return card, self.env._(
            "%(card)s requires: %(what)s",
            card=card.display_name,
            what=self._get_text(),
        )

    def _get_pending(self):
        pending = super()._get_pending()
        record = self._get_changed()
        if self.kind == "require" and record and record.state == "draft":
            pending.append(self.env._("%s isn't in force yet", record.display_name))
        return pending

    def _get_required_card(self):
        """Return the active card of this supplier that is about the same goods."""
        cards = self.env["qms.qrs"].search(self._get_required_domain())
        targets = {self._get_line_key(vals) for vals in self._prepare_card_lines()}
        return cards.filtered(
            lambda card: (
                targets
                & {
                    self._get_line_key(
                        {
                            "applies_to": line.applies_to,
                            "product_id": line.product_id.id,
                            "categ_id": line.categ_id.id,
                        }
                    )
                    for line in card.line_ids
                }
            )
        )[:1]

    def _get_required_domain(self):
        return [
            ("type", "=", "purchase"),
            ("state", "=", "active"),
            ("company_id", "in", [self.company_id.id, False]),
            ("partner_ids", "in", self.partner_id.commercial_partner_id.ids),
        ]

    @api.model
    def _get_line_key(self, vals):
        return (
            vals["applies_to"],
            vals.get("product_id") or False,
            vals.get("categ_id") or False,
        )

    def _prepare_card_lines(self):
        """Return the values of the lines that the change is about."""
        lines = [
            {
                "applies_to": "product",
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_id": product.id,
            }
            for product in self.product_ids
        ]
        lines += [
            {"applies_to": "category", "categ_id": categ.id} for categ in self.categ_ids
        ]
        return lines or [{"applies_to": "all"}]

    def _make_required_card(self):
        partner = self.partner_id.commercial_partner_id
        return self.env["qms.qrs"].create(
            {
                "code": f"{self.capa_id.name}-{self.id}",
                "description": self.env._(
                    "%(partner)s, by %(capa)s",
                    partner=partner.display_name,
                    capa=self.capa_id.name,
                ),
                "type": "purchase",
                "company_id": self.company_id.id,
                "partner_ids": [Command.set(partner.ids)],
                "date_from": self.date_from,
                "date_to": self.date_to,
            }
        )

    def _add_requirement(self, card):
        lines = {
            self._get_line_key(
                {
                    "applies_to": line.applies_to,
                    "product_id": line.product_id.id,
                    "categ_id": line.categ_id.id,
                }
            ): line
            for line in card.line_ids
        }
        criterion = Command.create(self._prepare_criterion())
        for vals in self._prepare_card_lines():
            line = lines.get(self._get_line_key(vals))
            if line:
                line.criterion_ids = [criterion]
            else:
                card.line_ids = [Command.create({**vals, "criterion_ids": [criterion]})]

    def _prepare_criterion(self):
        return {
            "kind": self.require_kind,
            "test_group_id": self.require_test_group_id.id,
            "departure": self.require_departure or "blocked",
        }
