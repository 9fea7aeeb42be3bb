from .common import QmsCase

MRP_USER = "mrp.group_mrp_user"


class QmsMrpCase(QmsCase):
    """Small factories for manufacturing. ``cls.operator`` may only manufacture."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._make_user("qms_operator", MRP_USER)
        cls.yoghurt = cls._make_product("Yoghurt", tracking="none")
        cls.workcenter = cls.env["mrp.workcenter"].create({"name": "Vat"})

    @classmethod
    def _make_bom(cls, components, operations=0, product=None):
        product = product or cls.yoghurt
        return cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "product_qty": 1,
                "bom_line_ids": [
                    (0, 0, {"product_id": component.id, "product_qty": quantity})
                    for component, quantity in components
                ],
                "operation_ids": [
                    (0, 0, {"name": f"Step {n}", "workcenter_id": cls.workcenter.id})
                    for n in range(operations)
                ],
            }
        )

    @classmethod
    def _make_order(cls, bom, quantity=1, confirm=True, reserve=True):
        order = cls.env["mrp.production"].create(
            {
                "product_id": bom.product_tmpl_id.product_variant_id.id,
                "bom_id": bom.id,
                "product_qty": quantity,
                "picking_type_id": cls.warehouse.manu_type_id.id,
                "location_src_id": cls.stock.id,
                "location_dest_id": cls.stock.id,
            }
        )
        if confirm:
            order.action_confirm()
        if confirm and reserve:
            order.action_assign()
        return order
