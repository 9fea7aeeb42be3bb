from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..sentinel import is_trusted
from .quality_order import DONE_STATES


class QmsQualityOrder(models.Model):
    """What of a quality order can't be written by hand."""

    _inherit = "qms.quality.order"

    # -- What can't be written by hand ------------------------------------------------

    @api.model
    def _get_protected_fields(self):
        """Return the fields that only actions write."""
        return {
            "name",
            "state",
            "verdict",
            "event",
            "association_id",
            "date_start",
            "date_last_reading",
            "date_validated",
            "validated_by_id",
            "res_model",
            "res_id",
        }

    @api.model
    def _get_goods_fields(self):
        """Return the fields that say what is inspected: fixed, since it is held."""
        return {
            "product_id",
            "lot_ids",
            "quantity",
            "uom_id",
            "location_id",
            "hold_goods",
            "move_id",
            "picking_id",
            "production_id",
            "company_id",
            *self._get_block_fields(),
        }

    @api.model_create_multi
    def create(self, vals_list):
        """Make orders, hold their goods, and copy their test groups."""
        if not is_trusted(self.env):
            vals_list = self._prepare_manual_vals_list(vals_list)
        for vals, number in zip(vals_list, self._draw_numbers(vals_list), strict=True):
            vals["name"] = number
        orders = super().create(vals_list)
        if not is_trusted(self.env):
            orders._place_holds()
        return orders

    def _prepare_manual_vals_list(self, vals_list):
        """Return the values of orders that a person makes. Extension point."""
        return [self._prepare_manual_values(vals) for vals in vals_list]

    def _prepare_manual_values(self, vals):
        """Refuse what only actions write, whether it comes in values or defaults."""
        # what is computed is no default either
        protected = self._get_protected_fields() - {"res_model", "res_id"}
        start = {"name": "New", "state": "draft", "event": "manual"}
        wrong = [
            name
            for name in sorted(protected & vals.keys())
            if vals[name] and vals[name] != start.get(name)
        ]
        if wrong:
            self._refuse_protected(wrong)
        # a default from the context would come in after this check
        return {**vals, **{name: start.get(name, False) for name in protected}}

    def _draw_numbers(self, vals_list):
        return self.env["ir.sequence"]._qms_draw("qms.quality.order", len(vals_list))

    def write(self, vals):
        if not is_trusted(self.env):
            wrong = self._get_protected_fields() & vals.keys()
            if wrong:
                self._refuse_protected(sorted(wrong))
            if self._get_goods_fields() & vals.keys():
                self._check_goods_unchanged(vals)
            # readings are checked one by one
            if {"spec_ids", "test_group_ids"} & vals.keys():
                self._check_editable()
        return super().write(vals)

    def _refuse_protected(self, names):
        labels = [self._fields[name]._description_string(self.env) for name in names]
        raise AccessError(
            self.env._(
                "These fields of a quality order are set by its buttons only: %s.",
                ", ".join(labels),
            )
        )

    def _check_goods_unchanged(self, vals):
        for name in self._get_goods_fields() & vals.keys():
            field = self._fields[name]
            for order in self:
                changed = order.new({name: vals[name]}, origin=order)
                if changed[name] != order[name] and (
                    not field.relational or changed[name]._origin != order[name]
                ):
                    raise UserError(
                        self.env._(
                            "%(order)s holds its goods, so its %(field)s can't be"
                            " changed. Cancel it and make another one.",
                            order=order.name,
                            field=field._description_string(self.env),
                        )
                    )

    def _check_editable(self):
        """Refuse to change the tests or readings of orders that are done.

        :raise UserError: names the orders
        """
        done = self.filtered(lambda order: order.state in DONE_STATES)
        if done and not is_trusted(self.env):
            raise UserError(
                self.env._(
                    "The tests and readings of these orders can't be changed any more:"
                    " %(orders)s. A quality manager can reopen them.",
                    orders=", ".join(done._get_name_and_state()),
                )
            )

    def copy_data(self, default=None):
        # what is copied is the request: goods without their lots, and the test groups
        vals_list = super().copy_data(default=default)
        for order, vals in zip(self, vals_list, strict=True):
            vals.pop("spec_ids", None)
            vals["test_group_ids"] = [(6, 0, order.test_group_ids.ids)]
        return vals_list

    @api.ondelete(at_uninstall=False)
    def _unlink_draft_only(self):
        kept = self.filtered(lambda order: order.state != "draft")
        if kept:
            raise UserError(
                self.env._(
                    "Only orders that nobody started can be deleted, not: %(orders)s.",
                    orders=", ".join(kept._get_name_and_state()),
                )
            )

    def unlink(self):
        holds = self.env["qms.hold"]._search_open(self._name, self.ids)
        res = super().unlink()
        holds._release(self.env._("Quality order deleted"))
        return res
