from odoo import api, models


class QmsNonconformance(models.Model):
    """What other programs send is checked before anything else looks at it."""

    _name = "qms.nonconformance"
    _inherit = ["qms.nonconformance", "qms.checked.input.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Open cases, of values that can be.

        :raise ValidationError: names all values that can't
        """
        self._check_input(vals_list, is_new=True)
        return super().create(vals_list)

    def write(self, vals):
        self._check_input([vals])
        return super().write(vals)
