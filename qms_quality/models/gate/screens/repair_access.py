from odoo import models


class QmsRepairAccess(models.AbstractModel):
    """Lets inspectors open lots and transfers where Repairs is installed.

    Repairs counts its orders on both forms, which fails for whoever may not read them.
    The addon may be absent, so its access line can't be among the others.
    """

    _name = "qms.repair.access"
    _description = "Repairs, for Inspectors"

    def _register_hook(self):
        res = super()._register_hook()
        xml_id = "qms_quality.access_repair_order_inspector"
        if "repair.order" in self.env and not self.env.ref(xml_id, False):
            # noupdate: an update of the addon must not delete what no file has
            values = self._prepare_access()
            self.env["ir.model.access"]._load_records(
                [{"xml_id": xml_id, "values": values, "noupdate": True}]
            )
        return res

    def _prepare_access(self):
        return {
            "name": "repair.order inspector",
            "model_id": self.env["ir.model"]._get_id("repair.order"),
            "group_id": self.env.ref("qms_quality.group_quality_inspector").id,
            "perm_read": True,
            "perm_write": False,
            "perm_create": False,
            "perm_unlink": False,
        }
