from odoo import models

READERS = {
    "inspector": "qms_quality.group_quality_inspector",
    "compliance": "qms_quality.group_compliance_officer",
    "plant": "qms_quality.group_plant_manager",
}
MODELS = ("repair.order", "repair.tags")


class QmsRepairAccess(models.AbstractModel):
    """Lets those who read lots and transfers open them where Repairs is installed.

    Repairs counts its orders on both forms, which fails for whoever may not read them.
    The addon may be absent, so its access lines can't be among the others.
    """

    _name = "qms.repair.access"
    _description = "Repairs, for Quality"

    def _register_hook(self):
        res = super()._register_hook()
        if "repair.order" in self.env:
            # noupdate: an update of the addon must not delete what no file has
            self.env["ir.model.access"]._load_records(
                [
                    {"xml_id": xml_id, "values": values, "noupdate": True}
                    for xml_id, values in self._prepare_accesses().items()
                    if not self.env.ref(xml_id, False)
                ]
            )
        return res

    def _prepare_accesses(self):
        return {
            f"qms_quality.access_{model.replace('.', '_')}_{name}": {
                "name": f"{model} {name}",
                "model_id": self.env["ir.model"]._get_id(model),
                "group_id": self.env.ref(group).id,
                "perm_read": True,
                "perm_write": False,
                "perm_create": False,
                "perm_unlink": False,
            }
            for model in MODELS
            for name, group in READERS.items()
        }
