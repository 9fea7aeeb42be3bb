from odoo import api, models


class QmsLotLink(models.Model):
    """The links of what a document made of what it used."""

    _inherit = "qms.lot.link"

    @api.model
    def _qms_prepare_parts(self, document, making, kind, **vals):
        """Return the values of the links of one document.

        A lot can be told from both sides twice, registered and shared by quantity.

        :param document: the record that the links name
        :param making: :class:`~.making.Making`
        :param kind: a kind of link, or a function from the product made to one
        :param vals: values of all these links
        """
        common = {
            "res_model": document._name,
            "res_id": document.id,
            "reference": document.display_name,
            "company_id": document.company_id.id,
            **vals,
        }
        return [
            {
                **common,
                **self._qms_prepare_part(part),
                "kind": kind(part.made.product_id) if callable(kind) else kind,
            }
            for part in making.parts()
        ]

    @api.model
    def _qms_prepare_part(self, part):
        used, made = part.used, part.made
        return {
            "from_lot_id": used.lot_id.id,
            "from_product_id": used.product_id.id,
            "to_lot_id": made.lot_id.id,
            "to_product_id": made.product_id.id,
            "quantity": part.quantity,
            "to_quantity": part.to_quantity,
            "origin": "registered" if part.registered else "quantity",
            "uncertain": not (used.lot_id and made.lot_id),
            "workcenter_id": self._qms_get_workcenter(used, made).id,
            "from_line_id": used.id,
            "to_line_id": made.id,
        }

    @api.model
    def _qms_get_workcenter(self, used, made):
        """Return where it was made: the operation that consumed, else the last one."""
        operation = used.workorder_id or used.move_id.workorder_id
        order = made.move_id.production_id
        return (operation or order.workorder_ids[-1:]).workcenter_id
