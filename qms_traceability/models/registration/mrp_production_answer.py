from odoo import models


class MrpProduction(models.Model):
    """What the page shows of an order, and of each scan."""

    _inherit = "mrp.production"

    def qms_get_tracked(self):
        """Return what the page of tracked components starts with.

        :return: dictionary with ``order``, ``products`` (finished products: ``id``,
            ``lot``, ``quantity``, ``good``, ``error``, ``state``, ``status``,
            ``order``), ``started``, ``unit`` and ``version``
        :rtype: dict
        :raise AccessError: if the user may not register for this order
        :raise UserError: if it has nothing to register
        """
        self._qms_check_one()
        self._qms_check_tracker()
        self._qms_check_trackable()
        orders = self._qms_get_group()
        # what was removed isn't shown
        rows = orders.qms_tracked_product_ids.filtered(
            lambda row: row.state != "removed"
        ).sorted("id")
        statuses = rows._get_statuses()
        return {
            "order": self._qms_prepare_order(),
            "products": [row._prepare_shown(statuses[row]) for row in rows],
            "started": sum(orders.mapped("product_uom_qty")),
            "version": self.production_group_id.qms_tracking_version,
        }

    def _qms_prepare_order(self):
        return {
            "id": self.id,
            "name": self.name,
            "product": self.product_id.display_name,
            "tracking": self.product_tracking,
            "unit": self.product_id.uom_id.name,
            "is_open": any(order._qms_get_room() for order in self._qms_get_group())
            or bool(self._qms_get_group()._qms_get_open_rows()),
        }

    def qms_get_tracked_components(self, product):
        """Return the components of one finished product.

        :param int product: id of the finished product; without it there are none
        :return: as in :meth:`qms_scan`, ``components``
        :rtype: list
        """
        self._qms_check_one()
        self._qms_check_tracker()
        self._qms_check_id(product)
        row = self.env["qms.tracked.product"].search([("id", "=", product or 0)])
        if row.production_id not in self._qms_get_group():
            return []
        return row._prepare_components()

    # -- Answers -----------------------------------------------------------------------

    def _qms_prepare_answer(
        self, row=None, registration=None, message="", outcome="accepted", mode=None
    ):
        row = row or self.env["qms.tracked.product"]
        is_shown = bool(row) and row.state != "removed"
        return {
            "outcome": outcome,
            "message": message,
            "mode": mode or "component",
            "product": row._prepare_shown(row._get_statuses()[row]) if row else False,
            "components": row._prepare_components() if is_shown else [],
            "question": False,
        }

    def _qms_prepare_question(self, scan, asked):
        return {
            **self._qms_prepare_answer(outcome="quantity", mode=scan["mode"]),
            "message": self.env._("How much of %s?", asked.lot),
            "question": {
                "lot": asked.lot,
                "quantity": asked.quantity,
                "unit": asked.uom.name,
            },
        }

    def _qms_refuse_scan(self, scan, message):
        message = message.replace("\n", " ")
        self.env["qms.tracked.scan"]._log(
            {
                **self._qms_prepare_log(scan),
                "outcome": "refused",
                "message": message,
            }
        )
        return self._qms_prepare_answer(
            message=message, outcome="refused", mode=scan["mode"]
        )

    def _qms_log_scan(self, scan, answer):
        registration = answer.get("registration")
        self.env["qms.tracked.scan"]._log(
            {
                **self._qms_prepare_log(scan),
                "outcome": answer.get("outcome", "accepted"),
                "message": answer["message"],
                "quantity": (registration or answer["row"]).quantity,
                "tracked_product_id": answer["row"].id,
                "tracked_component_id": registration.id if registration else False,
            }
        )

    def _qms_prepare_log(self, scan):
        return {
            "key": scan["id"],
            "production_id": self.id,
            "company_id": self.company_id.id,
            "mode": scan["mode"],
            "code": scan["code"],
            "quantity": scan["quantity"] or 0,
        }

    def _qms_answer_again(self, scan):
        """Answer a scan that came before: its answer was lost on the way."""
        if scan.production_id not in self._qms_get_group():
            self._qms_refuse_malformed()
        answer = self._qms_prepare_answer(
            row=scan.tracked_product_id.sudo(False),
            message=scan.message or "",
            outcome=scan.outcome,
            mode=scan.mode if scan.outcome == "refused" else "component",
        )
        version = self.production_group_id.qms_tracking_version
        return {**answer, "id": scan.key, "version": version}
