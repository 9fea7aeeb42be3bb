from odoo import models
from odoo.fields import Domain


class StockPackage(models.Model):
    _name = "stock.package"
    _inherit = ["stock.package", "qms.traced.mixin"]

    def _qms_get_traced_lines_domain(self):
        """What has ever been put into them or taken out."""
        packages = Domain("package_id", "child_of", self.ids)
        return packages | Domain("result_package_id", "child_of", self.ids)

    def action_qms_package_history(self):
        """Open where these packages have been, and what was in them."""
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "stock.stock_move_line_action"
        )
        domain = self._qms_get_traced_lines_domain() & Domain("state", "=", "done")
        name = self.env._(
            "History of %(packages)s", packages=", ".join(self.mapped("name"))
        )
        return dict(action, name=name, domain=list(domain), context={"create": False})
