from odoo import api, models

MENU = "qms_quality.menu_qms_approval"


class IrUiMenu(models.Model):
    """My Approvals is for those whom a rule can ask, and off until there is one."""

    _inherit = "ir.ui.menu"

    @api.model
    def _load_menus_blacklist(self):
        blacklist = super()._load_menus_blacklist()
        if not self.env["qms.approval.rule"]._get_guarded_models():
            menu = self.env.ref(
                "qms_quality.menu_qms_approval", raise_if_not_found=False
            )
            return [*blacklist, *(menu.ids if menu else [])]
        return blacklist
