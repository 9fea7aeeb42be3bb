from .common import QmsCase


class InspectionCase(QmsCase):
    """Small factories for tests, rules, receipts and readings.

    ``cls.group`` measures a weight of 4–6 kg, a fat content of 3.5–4.5 twice, and
    judges the taste. No rule exists until :meth:`_associate` makes one.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the demo data's rules stay out of the way
        cls.env["qms.quality.association"].search([]).active = False
        cls.kg = cls.env.ref("uom.product_uom_kgm")
        cls.gram = cls.env.ref("uom.product_uom_gram")
        cls.weight = cls._make_test("Weight", uom_id=cls.kg.id)
        cls.fat = cls._make_test("Fat content")
        cls.taste = cls._make_test("Taste", test_type="pass_fail")
        cls.group = cls._make_group(
            "Raw milk",
            {"test_id": cls.weight.id, "lower_limit": 4, "upper_limit": 6},
            {
                "test_id": cls.fat.id,
                "lower_limit": 3.5,
                "upper_limit": 4.5,
                "reading_number": 2,
            },
            {"test_id": cls.taste.id},
        )

    @classmethod
    def _make_test(cls, name, **vals):
        return cls.env["qms.test"].create(
            {"name": name, "code": name.upper()[:4], **vals}
        )

    @classmethod
    def _make_group(cls, name, *lines, **vals):
        """Return a test group in force."""
        group = cls._draft_group(name, *lines, **vals)
        group.with_user(cls.manager).action_activate()
        return group

    @classmethod
    def _replace(cls, group, first_line=None, **vals):
        """Put a new version of a test group in force, with other values."""
        draft = group.with_user(cls.manager)._get_draft()
        draft.write(vals)
        if first_line:
            draft.line_ids[0].write(first_line)
        draft.action_activate()
        return draft.with_user(cls.env.user)

    @classmethod
    def _draft_group(cls, name, *lines, **vals):
        return cls.env["qms.test.group"].create(
            {"name": name, "line_ids": [(0, 0, line) for line in lines], **vals}
        )

    @classmethod
    def _make_weight_group(cls, name="Weight only", **vals):
        line = {"test_id": cls.weight.id, "lower_limit": 4, "upper_limit": 6}
        return cls._make_group(name, {**line, **vals})

    @classmethod
    def _associate(cls, group=None, **vals):
        group = group or cls.group
        return cls.env["qms.quality.association"].create(
            {"name": group.name, "test_group_id": group.id, **vals}
        )

    @classmethod
    def _receive(cls, lots=None, product=None, user=None, quantity=10, **vals):
        """Receive goods as a warehouse clerk: a line for each lot, of ``quantity``.

        :param lots: names of new lots or lots; none for goods without a lot
        :return: the validated transfer, as superuser
        """
        product = product or cls.product
        lots = lots or [None]
        if product.tracking == "serial":
            quantity = 1
        picking = cls._picking("incoming", quantity * len(lots), product, **vals)
        picking = picking.with_user(user or cls.clerk)
        picking.action_confirm()
        picking.move_ids.move_line_ids.unlink()
        line = picking.move_ids._prepare_move_line_vals()
        picking.env["stock.move.line"].create(
            [{**line, "quantity": quantity, **cls._lot_values(lot)} for lot in lots]
        )
        picking.move_ids.picked = True
        picking.button_validate()
        return picking.with_user(cls.env.user)

    @classmethod
    def _lot_values(cls, lot):
        if not lot:
            return {}
        return {"lot_name": lot} if isinstance(lot, str) else {"lot_id": lot.id}

    @classmethod
    def _orders(cls, picking):
        return cls.env["qms.quality.order"].search([("picking_id", "=", picking.id)])

    def _receive_order(self, **kwargs):
        """Receive one lot that one rule inspects; return its quality order."""
        if not self.env["qms.quality.association"].search_count([]):
            self._associate(product_ids=self.product.ids)
        order = self._orders(self._receive(**{"lots": ["L1"], **kwargs}))
        self.assertEqual(len(order), 1)
        return order

    def _fill(self, order, fail=False, user=None):
        """Record all readings as an inspector; with ``fail`` too low a weight."""
        for result in order.result_ids.with_user(user or self.inspector):
            if result.test_type == "pass_fail":
                result.outcome = "pass"
            elif result.test_id == self.weight:
                result.value = 3.9 if fail else 5
            else:
                result.value = 4

    def _held(self, order):
        """Return the open holds of an order: status, lot, place of each."""
        holds = self.env["qms.hold"]._search_open(order._name, order.ids)
        return [(hold.status_id, hold.lot_id, hold.location_id) for hold in holds]

    def _manual_order(self, **vals):
        lot = self.env["stock.lot"].search([("name", "=", "HAND")])
        lot = lot or self._make_lot("HAND")
        return (
            self.env["qms.quality.order"]
            .with_user(self.inspector)
            .create(
                {
                    "product_id": self.product.id,
                    "lot_ids": [(6, 0, lot.ids)],
                    "test_group_ids": [(6, 0, self.group.ids)],
                    **vals,
                }
            )
        )
