from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..sentinel import is_trusted, trusted


class QmsQualityOrder(models.Model):
    """Steps of documents that wait for quality orders."""

    _inherit = "qms.quality.order"

    workorder_id = fields.Many2one(
        "mrp.workorder",
        string="Work Order",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        check_company=True,
        domain="[('production_id', '=', production_id)]",
        help="What is inspected is what this work order made.",
    )

    _blocking_idx = models.Index(
        "(company_id) WHERE (block_transfer OR block_next OR block_bill OR block_start"
        " OR block_workorder OR block_close) AND state != 'cancelled'"
        " AND (verdict IS NULL OR verdict != 'passed')"
    )

    @api.model
    def _get_goods_fields(self):
        return super()._get_goods_fields() | {"workorder_id"}

    @api.onchange("production_id")
    def _onchange_production_id(self):
        if self.workorder_id.production_id != self.production_id:
            self.workorder_id = False

    @api.constrains("block_workorder", "workorder_id", "production_id", "event")
    def _check_workorder(self):
        for order in self.filtered(lambda order: order.event == "manual"):
            # sudo: who asks for a check need not be allowed to read work orders
            work = order.sudo().workorder_id
            if order.block_workorder and not work:
                raise ValidationError(
                    self.env._(
                        "%s: choose the work order that is inspected, so that those"
                        " after it can wait.",
                        order.name,
                    )
                )
            if work and work.production_id != order.production_id:
                raise ValidationError(
                    self.env._(
                        "%(order)s: the work order %(work)s is not of the manufacturing"
                        " order that is inspected.",
                        order=order.name,
                        work=work.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if not is_trusted(self.env):
            orders._ask_signoff()
        self.env["qms.quality.association"]._forget_used()
        return orders

    def _ask_signoff(self):
        """Let closing wait for orders by hand too, where the company says so."""
        strict = self.filtered(
            lambda order: (
                order.production_id and order.company_id.qms_close_needs_signoff
            )
        )
        trusted(strict).write({"block_close": True})

    def _reopen(self):
        res = super()._reopen()
        self.env["qms.quality.association"]._forget_used()
        return res

    # -- What waits -------------------------------------------------------------------

    @api.model
    def _get_unpassed_domain(self):
        """Return the domain of orders that are not passed, nor given up."""
        return Domain("state", "!=", "cancelled") & Domain("verdict", "!=", "passed")

    @api.model
    def _get_blocking_domain(self):
        """Return the domain of the orders that some step waits for."""
        return self._get_unpassed_domain() & Domain.OR(
            Domain(name, "=", True) for name in self._get_block_fields()
        )

    @api.model
    def _find_blocking(self, *domains):
        """Return the orders of any of ``domains`` that some step waits for, in sudo.

        No query, where nothing waits for anything.
        """
        # sudo: orders count for those who may not read them
        orders = self.sudo()
        if not domains or not self.env["qms.quality.association"]._has_blocking():
            return orders.browse()
        return orders.search(self._get_blocking_domain() & Domain.OR(domains))

    @api.model
    def _get_last_id(self):
        """Return the id of the order that was made last, False where none can be."""
        if not self.env["qms.quality.association"]._get_used_events():
            return False
        return self.sudo().search([], order="id desc", limit=1).id or 0

    def _get_made_action(self, documents):
        """Return the action that shows orders which a button has just made."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "title": self.env._("To be inspected first"),
                "message": self._get_step_refusal(", ".join(documents.mapped("name"))),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _refuse_step(self, document):
        """Refuse a step of ``document`` that waits for these orders, if there are any.

        :param str document: its name
        :raise UserError: names every order, what it is about, and what to do
        """
        if self:
            raise UserError(self._get_step_refusal(document))

    def _get_step_refusal(self, document):
        rows = "".join(f"\n- {order._get_step_text()}" for order in self)
        return self.env._(
            "%(document)s has to wait until these quality orders have passed:"
            "%(orders)s\n"
            "Finish the inspections. What has failed can be taken off the document, or"
            " a quality manager can reopen the order and have it inspected again.",
            document=document,
            orders=rows,
        )

    def _get_step_text(self):
        self.ensure_one()
        goods = " · ".join(
            part for part in (self.product_id.display_name, self.lot_names) if part
        )
        return self.env._(
            "%(order)s: %(goods)s, %(groups)s (%(state)s)",
            order=self.name,
            goods=goods,
            groups=", ".join(self.test_group_ids.mapped("name")),
            state=self._get_outcome_text(),
        )

    def _get_outcome_text(self):
        field = "verdict" if self.verdict else "state"
        return dict(self._fields[field]._description_selection(self.env))[self[field]]

    def _covers_goods(self, product, lots):
        """Tell whether this order is about ``product``, and one of ``lots`` if any.

        One that names no product is about all that its document moves or makes.
        """
        self.ensure_one()
        products = self.product_id or (
            self.picking_id.move_ids.product_id | self.production_id.product_id
        )
        if products and product not in products:
            return False
        return not self.lot_ids or not lots or bool(self.lot_ids & lots)
