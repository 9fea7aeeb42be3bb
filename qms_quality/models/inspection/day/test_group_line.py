from odoo import api, models
from odoo.exceptions import ValidationError


class QmsTestGroupLine(models.Model):
    """Which laboratory does the test."""

    _inherit = "qms.test.group.line"

    @api.onchange("laboratory")
    def _onchange_laboratory(self):
        if self.laboratory_id.kind != self.laboratory:
            self.laboratory_id = False

    @api.constrains("laboratory", "laboratory_id")
    def _check_laboratory(self):
        for line in self:
            laboratory = line.laboratory_id
            if laboratory and laboratory.kind != line.laboratory:
                labels = dict(
                    line._fields["laboratory"]._description_selection(line.env)
                )
                raise ValidationError(
                    self.env._(
                        "%(group)s, %(test)s: this test is done by a laboratory of the"
                        " kind “%(kind)s”, and %(laboratory)s is another kind.",
                        group=line.group_id.name,
                        test=line.test_id.name,
                        kind=labels[line.laboratory],
                        laboratory=laboratory.name,
                    )
                )
