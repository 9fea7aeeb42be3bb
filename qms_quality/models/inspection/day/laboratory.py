from odoo import api, fields, models
from odoo.exceptions import ValidationError


class QmsLaboratory(models.Model):
    """Where tests are done: a room of one's own, or a laboratory outside."""

    _name = "qms.laboratory"
    _description = "Laboratory"
    _inherit = ["qms.audit.mixin"]
    _order = "name, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    color = fields.Integer()
    kind = fields.Selection(
        [("internal", "Internal"), ("external", "External")],
        required=True,
        default="external",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Whom samples are sent to.",
    )
    lead_days = fields.Integer(
        string="Lead Time (Days)",
        help="How long results take. An order isn't due before they can be there.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        help="Empty: usable in all companies.",
    )

    _lead_days_check = models.Constraint(
        "CHECK(lead_days >= 0)", "The lead time can't be negative."
    )

    @api.constrains("kind")
    def _check_kind(self):
        used = self.env["qms.test.group.line"].sudo()
        lines = used.search([("laboratory_id", "in", self.ids)])
        lines._check_laboratory()

    @api.constrains("partner_id", "kind")
    def _check_partner(self):
        for laboratory in self:
            if laboratory.kind == "internal" and laboratory.partner_id:
                raise ValidationError(
                    self.env._(
                        "%s is a laboratory of your own, so nothing is sent to a"
                        " contact. Take the contact away, or make it external.",
                        laboratory.name,
                    )
                )
