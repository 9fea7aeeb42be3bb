from functools import wraps

from odoo import models
from odoo.exceptions import UserError

from ...number_text import format_quantity
from .rework_repair import REPAIR

_METHODS = ("action_repair_done", "action_repair_cancel", "unlink")


class QmsReworkRepair(models.AbstractModel):
    """Tells dispositions when their repair orders end.

    Repairs may be absent, so its model can't be inherited: its methods are wrapped.
    """

    _name = "qms.rework.repair"
    _description = "Repairs that Rework"

    def _register_hook(self):
        super()._register_hook()
        if REPAIR in self.env:
            for name in _METHODS:
                self._wrap(name, getattr(self, f"_make_{name}"))

    def _unregister_hook(self):
        for name in _METHODS if REPAIR in self.env else ():
            if hasattr(vars(self.env.registry[REPAIR]).get(name), "qms_rework"):
                delattr(self.env.registry[REPAIR], name)
        return super()._unregister_hook()

    def _wrap(self, name, make):
        model_class = self.env.registry[REPAIR]
        if hasattr(vars(model_class).get(name), "qms_rework"):
            return
        origin = getattr(model_class, name)
        method = wraps(origin)(make(origin))
        method.qms_rework = origin
        setattr(model_class, name, method)

    def _make_action_repair_done(self, origin):
        def action_repair_done(self):
            rows = self.env["qms.disposition"]._find_by_repairs(self)
            if not rows:
                return origin(self)
            self.env["qms.rework.repair"]._check_decided(rows)
            # the permit comes when the move has its line
            res = origin(self.with_context(qms_picked_by_system=True))
            rows._after_repair()
            return res

        return action_repair_done

    def _make_action_repair_cancel(self, origin):
        def action_repair_cancel(self):
            rows = self.env["qms.disposition"]._find_by_repairs(self)
            res = origin(self)
            rows._follow_documents()
            return res

        return action_repair_cancel

    def _make_unlink(self, origin):
        def unlink(self):
            rows = self.env["qms.disposition"]._find_by_repairs(self)
            res = origin(self)
            rows._follow_documents()
            return res

        return unlink

    def _check_decided(self, rows):
        for row in rows.filtered(lambda one: one._get_repair_mismatch()):
            raise UserError(
                self.env._(
                    "%(order)s repairs what %(row)s decided, and nothing else:"
                    " %(quantity)s %(unit)s, from %(place)s to %(dest)s.",
                    order=row._get_repair().name,
                    row=row.display_name,
                    quantity=format_quantity(self.env, row.quantity),
                    unit=row.uom_id.name,
                    place=row.location_id.display_name,
                    dest=row._get_output_place().display_name,
                )
            )
