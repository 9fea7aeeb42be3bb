from .common_mrp import MRP_USER
from .common_step import StepCase


class StepProductionCase(StepCase):
    """Small factories for manufacturing orders that wait for quality orders.

    ``cls.operator`` may only manufacture; ``cls.cheese`` is made of ``cls.untracked``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.operator = cls._make_user("qms_operator", MRP_USER)
        cls.cheese = cls._make_product("Cheese", tracking="none")
        cls.workcenter = cls.env["mrp.workcenter"].create({"name": "Vat"})
        cls._stock_up(100, product=cls.untracked)

    @classmethod
    def _make_production(cls, quantity=10, steps=0, component=None):
        component = component or cls.untracked
        bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.cheese.product_tmpl_id.id,
                "bom_line_ids": [
                    (0, 0, {"product_id": component.id, "product_qty": 1})
                ],
                "operation_ids": [
                    (0, 0, {"name": f"Step {n}", "workcenter_id": cls.workcenter.id})
                    for n in range(steps)
                ],
            }
        )
        production = cls.env["mrp.production"].with_user(cls.operator)
        production = production.create(
            {
                "product_id": cls.cheese.id,
                "bom_id": bom.id,
                "product_qty": quantity,
                "picking_type_id": cls.warehouse.manu_type_id.id,
            }
        )
        production.action_confirm()
        production.action_assign()
        return production

    @classmethod
    def _rule(cls, event, *steps, **vals):
        vals = {"product_ids": cls.cheese.ids, **vals}
        return super()._rule(event, *steps, **vals)

    def _may_read_billing(self):
        """Core reads analytic lines with the rights of the operator."""
        self.operator.group_ids |= self.env.ref("account.group_account_readonly")

    def _close(self, production, **context):
        context = {"skip_consumption": True, "skip_backorder": True, **context}
        return production.with_context(**context).button_mark_done()
