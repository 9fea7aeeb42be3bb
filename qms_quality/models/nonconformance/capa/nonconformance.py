from odoo import api, fields, models
from odoo.fields import Domain

# More than these are no help to who investigates.
EARLIER_LIMIT = 40


class QmsNonconformance(models.Model):
    """What was done about cases like this one before, and the way to do more."""

    _inherit = "qms.nonconformance"

    capa_ids = fields.Many2many(
        "qms.capa",
        "qms_capa_nonconformance_rel",
        "nonconformance_id",
        "capa_id",
        string="CAPA",
        copy=False,
        check_company=True,
    )
    capa_count = fields.Integer(string="CAPAs", compute="_compute_capa_count")
    earlier_capa_ids = fields.Many2many(
        "qms.capa", string="Earlier CAPAs", compute="_compute_earlier_capa_ids"
    )
    capa_warning = fields.Text(compute="_compute_earlier_capa_ids")

    @api.model
    def _get_free_fields(self):
        return super()._get_free_fields() | {"capa_ids"}

    @api.depends("capa_ids")
    def _compute_capa_count(self):
        for case in self:
            case.capa_count = len(case.capa_ids)

    @api.depends_context("lang")
    @api.depends("root_cause_id", "product_id", "partner_id", "company_id", "capa_ids")
    def _compute_earlier_capa_ids(self):
        domain = Domain.OR(case._get_earlier_capa_domain() for case in self)
        found = self.env["qms.capa"].search(domain, order="id desc")
        for case in self:
            alike = {
                capa: case._get_likeness(capa)
                for capa in found - case.capa_ids._origin
                if capa.company_id == case.company_id
            }
            earlier = found.filtered(lambda capa, alike=alike: alike.get(capa))
            case.earlier_capa_ids = earlier[:EARLIER_LIMIT]
            case.capa_warning = "\n".join(
                self.env._(
                    "%(capa)s was closed as effective: same %(what)s.",
                    capa=capa.display_name,
                    what=", ".join(alike[capa]),
                )
                for capa in earlier
                if capa.state == "closed" and capa.verdict == "effective"
            )

    def _get_earlier_capa_domain(self):
        """Return the domain of the CAPAs with this cause, product or supplier."""
        self.ensure_one()
        same = [
            Domain(name, "=", self[name]._origin.id)
            for name in ("root_cause_id", "product_id")
            if self[name]._origin
        ]
        partner = self.partner_id.commercial_partner_id._origin
        if partner:
            same.append(Domain("partner_id.commercial_partner_id", "=", partner.id))
        if not same:
            return Domain.FALSE
        return Domain.OR(same) & Domain("company_id", "=", self.company_id.id)

    def _get_likeness(self, capa):
        """Return what this case and a CAPA have in common, as a list of words."""
        self.ensure_one()
        partner = self.partner_id.commercial_partner_id._origin
        pairs = [
            (self.root_cause_id._origin, capa.root_cause_id, self.env._("cause")),
            (self.product_id._origin, capa.product_id, self.env._("product")),
            (partner, capa.partner_id.commercial_partner_id, self.env._("supplier")),
        ]
        return [word for own, other, word in pairs if own and own == other]

    def action_create_capa(self):
        """Open a new CAPA about these cases, with what they have in common.

        :raise AccessError: if the user may not make one
        """
        self.check_access("read")
        capas = self.env["qms.capa"]
        capas.check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("New CAPA"),
            "res_model": "qms.capa",
            "view_mode": "form",
            "context": self._prepare_capa_context(),
        }

    def _prepare_capa_context(self):
        complaint = set(self.mapped("type")) == {"customer"}
        texts = list(filter(None, self.mapped("root_cause_text")))
        context = {
            "default_nonconformance_ids": self.ids,
            "default_source": "complaint" if complaint else "nonconformance",
            "default_company_id": self.company_id[:1].id,
            "default_root_cause_text": texts[0] if len(texts) == 1 else False,
        }
        if len(self) == 1:
            context["default_subject"] = self.subject
        for name in self.env["qms.capa"]._get_shared_fields():
            if len(self[name]) == 1 and all(case[name] for case in self):
                context[f"default_{name}"] = self[name].id
        return context

    def action_open_capas(self):
        """Open the CAPAs about these cases."""
        return self.capa_ids._get_records_action(name=self.env._("CAPA"))
