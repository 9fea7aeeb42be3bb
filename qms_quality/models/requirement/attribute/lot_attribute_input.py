from odoo import api, models


class QmsLotAttribute(models.Model):
    """What other programs send is checked before anything else looks at it."""

    _name = "qms.lot.attribute"
    _inherit = ["qms.lot.attribute", "qms.checked.input.mixin"]

    @api.model_create_multi
    def create(self, vals_list):
        """Record values of lots, such as can be.

        :raise ValidationError: names all that can't
        """
        self._check_input(vals_list, is_new=True)
        return super().create(vals_list)

    def write(self, vals):
        self._check_input([vals])
        return super().write(vals)
