from odoo.addons.qms_quality.tests.common import QmsCase

PRODUCTION_USER = "mrp.group_mrp_user"
COORDINATOR = "qms_traceability.group_recall_coordinator"


class TraceCase(QmsCase):
    """Goods that are made of others. ``cls.worker`` may only use Manufacturing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.worker = cls._make_user("qms_worker", PRODUCTION_USER)
        cls.coordinator = cls._make_user("qms_coordinator", COORDINATOR)

    @classmethod
    def _make_bom(cls, product, components, **vals):
        """Return a bill of materials for one; ``components`` is product → quantity."""
        lines = [
            (0, 0, {"product_id": part.id, "product_qty": quantity})
            for part, quantity in components.items()
        ]
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": lines,
                **vals,
            }
        )
