from odoo import api, models

from .nonconformance import INSPECTOR

# What inspectors find in their own menus.
OF_OTHERS = (
    "qms_quality.menu_qms_check_request",
    "qms_quality.menu_qms_nonconformance_report_others",
)


class IrUiMenu(models.Model):
    """Inspectors who also handle goods see each entry once."""

    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        blacklist = super()._load_menus_blacklist()
        if not self.env.user.has_group(INSPECTOR):
            return blacklist
        menus = (self.env.ref(name, raise_if_not_found=False) for name in OF_OTHERS)
        return [*blacklist, *(menu.id for menu in menus if menu)]
