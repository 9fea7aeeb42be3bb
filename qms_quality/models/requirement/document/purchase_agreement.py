from functools import wraps

from lxml.builder import E

from odoo import models

from ..card.qrs_line_find import Demand

AGREEMENT = "purchase.requisition"
LINE = "purchase.requisition.line"
# What is patched of purchase agreements, which may be absent: model, methods.
_PATCHES = {
    AGREEMENT: ("write", "_get_view"),
    LINE: ("create", "write", "unlink"),
}
_ORDER_FIELDS = {"vendor_id", "date_start", "company_id", "warehouse_id"}
_READERS = "purchase.group_purchase_user,qms_quality.group_qrs_administrator"


class QmsPurchaseAgreement(models.AbstractModel):
    """Purchase agreements have requirements, too, and orders of them take theirs."""

    _name = "qms.purchase.agreement"
    _description = "Quality Requirements of Purchase Agreements"

    def _register_hook(self):
        super()._register_hook()
        if AGREEMENT not in self.env:
            return
        for model, names in _PATCHES.items():
            for name in names:
                self._wrap(model, name)
        for name, method in _ADDED[LINE].items():
            setattr(self.env.registry[LINE], name, method)
        for name, method in _ADDED[AGREEMENT].items():
            setattr(self.env.registry[AGREEMENT], name, method)

    def _unregister_hook(self):
        for model, names in _PATCHES.items():
            if model not in self.env:
                continue
            model_class = self.env.registry[model]
            patched = [
                n for n in names if hasattr(vars(model_class).get(n), "qms_origin")
            ]
            added = [name for name in _ADDED[model] if name in vars(model_class)]
            for name in (*patched, *added):
                delattr(model_class, name)
        return super()._unregister_hook()

    def _wrap(self, model, name):
        model_class = self.env.registry[model]
        if hasattr(vars(model_class).get(name), "qms_origin"):
            return
        origin = getattr(model_class, name)
        make = _WRAPPERS[model, name]
        method = wraps(origin)(make(origin))
        method.qms_origin = origin
        setattr(model_class, name, method)


def _wrap_create(origin):
    def create(self, vals_list):
        lines = origin(self, vals_list)
        lines._qms_derive_requirements()
        return lines

    return create


def _wrap_write(origin):
    def write(self, vals):
        res = origin(self, vals)
        if {"product_id", "requisition_id"} & vals.keys():
            self._qms_derive_requirements()
        return res

    return write


def _wrap_unlink(origin):
    def unlink(self):
        self.env["qms.qrs.document.line"]._forget(self)
        return origin(self)

    return unlink


def _wrap_agreement_write(origin):
    def write(self, vals):
        res = origin(self, vals)
        if _ORDER_FIELDS & vals.keys():
            self.line_ids._qms_derive_requirements()
        return res

    return write


def _wrap_agreement_view(origin):
    def _get_view(self, view_id=None, view_type="form", **options):
        arch, view = origin(self, view_id, view_type, **options)
        boxes = arch.xpath("//div[@name='button_box']") if view_type == "form" else []
        if boxes:
            boxes[0].append(_make_button(self.env))
        return arch, view

    return _get_view


def _make_button(env):
    label = E.span(env._("Quality Requirements"), **{"class": "o_stat_text"})
    return E.button(
        E.div(label, **{"class": "o_stat_info"}),
        name="action_qms_open_requirements",
        type="object",
        icon="fa-shield",
        groups=_READERS,
        **{"class": "oe_stat_button"},
    )


_WRAPPERS = {
    (AGREEMENT, "write"): _wrap_agreement_write,
    (AGREEMENT, "_get_view"): _wrap_agreement_view,
    (LINE, "create"): _wrap_create,
    (LINE, "write"): _wrap_write,
    (LINE, "unlink"): _wrap_unlink,
}


# -- The methods of qms.required.mixin, for lines of agreements ------------------------


def _derive(self):
    copies = self.env["qms.qrs.document.line"]
    if self and (self.env["qms.qrs"]._qms_is_used() or copies._qms_has_copies()):
        copies._derive(self)


def _get_demand(self):
    agreement = self.requisition_id
    if self.product_id.type != "consu" or not agreement.vendor_id:
        return None
    warehouse = self.env["stock.warehouse"].browse()
    if "warehouse_id" in agreement._fields:
        warehouse = agreement.warehouse_id
    return Demand(
        "purchase",
        self.product_id,
        agreement.vendor_id.commercial_partner_id,
        warehouse.lot_stock_id,
        agreement.date_start or agreement.create_date.date(),
        agreement.company_id,
        False,
    )


def _get_moved(self):
    """Agreements are plans: what is received is locked on the orders."""
    return self.browse()


def _open_requirements(self):
    """Open what the goods of this agreement must meet.

    :return: an action, a list
    """
    self.check_access("read")
    copies = self.env["qms.qrs.document.line"]
    found = copies._get_copies(self.line_ids)
    return copies._get_list(copies.browse(copy.id for copy in found.values()))


_ADDED = {
    LINE: {
        "_qms_derive_requirements": _derive,
        "_qms_get_demand": _get_demand,
        "_qms_get_required_order": lambda self: self.requisition_id,
        "_qms_get_moved": _get_moved,
        "_qms_get_requirement_sources": lambda self: {},
        "_qms_is_required_open": lambda self: self.requisition_id.state != "cancel",
        "_qms_is_agreed": lambda self: False,
    },
    AGREEMENT: {"action_qms_open_requirements": _open_requirements},
}
