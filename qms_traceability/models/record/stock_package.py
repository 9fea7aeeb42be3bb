from odoo import models
from odoo.fields import Domain


class StockPackage(models.Model):
    _name = "stock.package"
    _inherit = ["stock.package", "qms.traced.mixin"]

    def write(self, vals):
        """Put packages into others, where their lots may not be mixed."""
        container = vals.get("parent_package_id")
        added = self.filtered(
            lambda package: container and package.parent_package_id.id != container
        )
        res = super().write(vals)
        added._qms_check_mixing()
        return res

    def _qms_check_mixing(self):
        """Refuse packages that bring a second lot into the one they stand in."""
        domain = (
            Domain("package_id", "child_of", self.ids)
            & Domain("product_id.qms_one_lot_package", "=", True)
            & Domain("product_id.tracking", "!=", "none")
            & Domain("quantity", ">", 0)
        )
        # sudo: whoever packs need not be allowed to read all that is inside
        quants = self.env["stock.quant"].sudo()
        groups = self and quants._read_group(domain, ["product_id", "package_id"])
        quants.sudo(False)._qms_check_mixing(
            {
                (product.sudo(False), package._qms_get_outermost().sudo(False))
                for product, package in groups
            }
        )

    def _qms_get_outermost(self):
        """Return the package in which this one stands at last, itself if in none."""
        self.ensure_one()
        # sudo: what it stands in need not be the user's own
        return self.browse(int(self.sudo().parent_path.split("/", 1)[0]))

    def _qms_get_traced_lines_domain(self):
        """What has ever been put into them or taken out, also packed in others."""
        containers = ("parent_orig_id", "parent_dest_id", "outermost_dest_id")
        # sudo: only which movements took them along; lines are read by the user
        noted = self.env["stock.package.history"].sudo()
        noted = noted.search(Domain.OR([(name, "in", self.ids)] for name in containers))
        return (
            Domain("package_id", "child_of", self.ids)
            | Domain("result_package_id", "child_of", self.ids)
            | Domain("package_history_id", "in", noted.ids)
        )

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
