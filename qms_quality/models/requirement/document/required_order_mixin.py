from odoo import api, fields, models


class QmsRequiredOrderMixin(models.AbstractModel):
    """A document that lists what its goods must meet."""

    _name = "qms.required.order.mixin"
    _description = "Document with Quality Requirements"

    qms_order_requirement_ids = fields.Many2many(
        "qms.qrs.document.line",
        string="Quality Requirements",
        compute="_compute_qms_order_requirements",
    )
    qms_requirement_notice = fields.Text(
        compute="_compute_qms_order_requirements",
        help="Which requirements should be looked at again, and why.",
    )

    # -- For the model to say ----------------------------------------------------------

    @api.model
    def _qms_get_demanding_fields(self):
        """Return the fields that change what is demanded of the lines."""
        return set()

    def _qms_get_required_lines(self):
        """Return the lines that have requirements of their own."""
        return self.browse()

    def _qms_get_order_requirements(self):
        """Return ``{document: copies}``, in sudo, in the order of the lines."""
        return self._qms_collect_requirements(
            {order: [order._qms_get_required_lines()] for order in self.sudo()}
        )

    # -- Changes of the whole document -------------------------------------------------

    def write(self, vals):
        res = super().write(vals)
        if self._qms_get_demanding_fields() & vals.keys():
            self._qms_get_required_lines()._qms_derive_requirements()
        return res

    def unlink(self):
        # the database deletes the lines, without their unlink
        self.env["qms.qrs.document.line"]._forget(self._qms_get_required_lines())
        return super().unlink()

    # -- Seeing them -------------------------------------------------------------------

    def _compute_qms_order_requirements(self):
        found = self._origin._qms_get_order_requirements()
        none = self.env["qms.qrs.document.line"]
        readable = none.browse(none.union(*found.values()).ids)._filtered_access("read")
        for order in self:
            copies = found.get(order._origin, none)
            own = readable & readable.browse(copies.ids)
            order.qms_order_requirement_ids = own
            order.qms_requirement_notice = "\n".join(
                f"{copy.product_id.display_name}: {copy.notice}"
                for copy in own
                if copy.notice
            )

    @api.model
    def _qms_collect_requirements(self, lines_of):
        """Return ``{document: copies}`` from ``{document: its lines}``."""
        copies = self.env["qms.qrs.document.line"]
        keys = {
            order: [(lines._name, id_) for lines in parts for id_ in lines.ids]
            for order, parts in lines_of.items()
        }
        found = copies._qms_get_by_line({key for own in keys.values() for key in own})
        none = copies.sudo()
        return {
            order: none.union(*(found[key] for key in own if key in found))
            for order, own in keys.items()
        }

    def _qms_get_printed_requirements(self):
        """Return what is printed on the document and shown in the portal.

        :return: list of dicts: product, criteria (texts), instructions
        """
        self.ensure_one()
        # sudo: partners have no right of their own to what is printed for them
        copies = self._qms_get_order_requirements().get(self, self.browse())
        lang = self.env.context.get("lang")
        return [
            {
                "product": copy.product_id.display_name,
                "criteria": copy.criterion_ids.mapped("display_name"),
                "instructions": copy.instructions,
            }
            for copy in copies.with_context(lang=lang)
            if copy.criterion_ids or copy.instructions
        ]
