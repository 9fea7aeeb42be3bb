from odoo import api, fields, models
from odoo.exceptions import ValidationError

TARGETS = {
    "product": "product_tmpl_id",
    "value": "value_id",
    "category": "categ_id",
    "tag": "tag_id",
}


class QmsQrs(models.Model):
    _inherit = "qms.qrs"

    @api.depends("code", "version", "description")
    def _compute_display_name(self):
        for card in self:
            parts = [card.code, card.description]
            if card.version > 1:
                parts.insert(1, self.env._("version %s", card.version))
            card.display_name = " · ".join(part for part in parts if part)


class QmsQrsLine(models.Model):
    _inherit = "qms.qrs.line"

    criteria_text = fields.Text("Criteria", compute="_compute_criteria_text")

    @api.depends(
        "applies_to", "product_id", "product_tmpl_id", "value_id", "categ_id", "tag_id"
    )
    def _compute_display_name(self):
        labels = dict(self._fields["applies_to"]._description_selection(self.env))
        for line in self:
            target = line.product_id or line[TARGETS.get(line.applies_to, "tag_id")]
            line.display_name = target.display_name or labels.get(line.applies_to)

    @api.depends("criterion_ids.expected")
    def _compute_criteria_text(self):
        for line in self:
            line.criteria_text = "\n".join(line.criterion_ids.mapped("expected"))

    @api.onchange("applies_to")
    def _onchange_applies_to(self):
        for level, name in TARGETS.items():
            if level != self.applies_to:
                self[name] = False
        if self.applies_to != "product":
            self.product_id = False

    @api.onchange("product_tmpl_id")
    def _onchange_product_tmpl_id(self):
        if self.product_id.product_tmpl_id != self.product_tmpl_id:
            self.product_id = False

    @api.constrains("applies_to", "product_id", *TARGETS.values())
    def _check_targets(self):
        labels = dict(self._fields["applies_to"]._description_selection(self.env))
        problems = []
        for line in self.filtered(lambda one: one.applies_to != "all"):
            label = labels[line.applies_to]
            if not line[TARGETS[line.applies_to]]:
                problems.append(self.env._("choose the target: %s.", label.lower()))
            elif line._is_other_variant():
                problems.append(
                    self.env._(
                        "%(variant)s is no variant of %(product)s.",
                        variant=line.product_id.display_name,
                        product=line.product_tmpl_id.display_name,
                    )
                )
        problems += self.qrs_id._get_double_targets()
        if problems:
            name = ", ".join(self.qrs_id.mapped("display_name"))
            raise ValidationError(
                "\n".join([f"{name}:", *(f"- {one}" for one in problems)])
            )

    def _is_other_variant(self):
        return (
            self.applies_to == "product"
            and self.product_id
            and self.product_id.product_tmpl_id != self.product_tmpl_id
        )
