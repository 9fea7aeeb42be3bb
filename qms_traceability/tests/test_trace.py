from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_genealogy import GenealogyCase


@tagged("post_install", "-at_install")
class TestTrace(GenealogyCase):
    """Milk of two farms becomes curd, curd becomes cheese, and cheese is sold."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.curd = cls._make_product("Curd")
        cls.milk_1, cls.milk_2 = cls._receive("M1", 8), cls._receive("M2", 2)
        cls._stock_up(100, product=cls.untracked)
        cls.curd_1 = cls._make_lot("K1", cls.curd)
        cls.order = cls._make(
            4, [cls.curd_1], [(cls.milk_1, 6), (cls.milk_2, 2), (cls.untracked, 1)]
        )
        cls.cheese_1 = cls._make_lot("C1", cls.cheese)
        cls.cheese_2 = cls._make_lot("C2", cls.cheese)
        cls._make(2, [cls.cheese_1], [(cls.curd_1, 1)])
        cls._make(6, [cls.cheese_2], [(cls.curd_1, 3)])
        cls.delivery = cls._delivery(1, cls.cheese_1, product=cls.cheese)
        cls.delivery.with_user(cls.clerk).button_validate()
        cls.trace = cls.env["qms.trace"].with_user(cls.inspector)

    @classmethod
    def _receive(cls, name, quantity):
        receipt = cls._picking("incoming", quantity)
        receipt.action_confirm()
        receipt.move_line_ids.write({"lot_name": name, "quantity": quantity})
        receipt.move_ids.picked = True
        receipt.with_user(cls.clerk).button_validate()
        return receipt.move_line_ids.lot_id

    def _nodes(self, graph, *names):
        return {
            node["name"]: tuple(node[name] for name in names) for node in graph["nodes"]
        }

    def _lines(self, graph):
        names = {node["id"]: node["name"] for node in graph["nodes"]}
        return {
            (names[link["source"]], names[link["target"]]): link
            for link in graph["links"]
        }

    # -- The graph ---------------------------------------------------------------------

    def test_forward(self):
        graph = self.trace.forward(self.milk_1.ids)
        self.assertEqual(
            self._nodes(graph, "level", "share", "quantity", "on_hand"),
            {
                "M1": (0, 1.0, 8.0, 2.0),
                "K1": (1, 0.75, 4.0, 0.0),
                "C1": (2, 0.1875, 2.0, 1.0),
                "C2": (2, 0.5625, 6.0, 6.0),
            },
            "three quarters of the milk are in the curd, a quarter of that in C1",
        )
        lines = self._lines(graph)
        self.assertEqual(set(lines), {("M1", "K1"), ("K1", "C1"), ("K1", "C2")})
        line = lines["M1", "K1"]
        self.assertEqual(
            {name: line[name] for name in ("quantity", "uom", "share", "kind")},
            {"quantity": 6.0, "uom": "Units", "share": 0.75, "kind": "production"},
        )
        self.assertEqual(
            line["document"],
            {"model": "mrp.production", "id": self.order.id, "name": self.order.name},
        )
        self.assertEqual(line["user"], self.worker.name)
        self.assertFalse(line["registered"] or line["uncertain"])

    def test_backward(self):
        graph = self.trace.backward(self.cheese_1.ids)
        self.assertEqual(
            self._nodes(graph, "level", "share", "kind", "uncertain"),
            {
                "C1": (0, 1.0, "lot", False),
                "K1": (-1, 0.25, "lot", False),
                "M1": (-2, 0.1875, "lot", False),
                "M2": (-2, 0.25, "lot", False),
                "Salt": (-2, None, "product", True),
            },
        )

    def test_both(self):
        graph = self.trace.both(self.curd_1)
        self.assertEqual(
            {name: level for name, (level,) in self._nodes(graph, "level").items()},
            {"K1": 0, "M1": -1, "M2": -1, "Salt": -1, "C1": 1, "C2": 1},
        )
        self.assertEqual(len(graph["links"]), 5)
        self.assertEqual(graph["roots"], [f"lot-{self.curd_1.id}"])

    def test_goods_without_lots_are_counted_once(self):
        """Butter of two lots of milk is told of by both, salt by each by-product."""
        butter = self._make_product("Butter", tracking="none")
        self._make(2, [], [(self.milk_1, 1), (self.milk_2, 0.5)], product=butter)
        nodes = self._nodes(
            self.trace.forward((self.milk_1 | self.milk_2).ids), "quantity", "kind"
        )
        self.assertEqual(nodes["Butter"], (2.0, "product"))
        self._make(3, [], [(self.milk_1, 1)], product=butter)
        nodes = self._nodes(self.trace.forward(self.milk_1.ids), "quantity")
        self.assertEqual(nodes["Butter"], (5.0,), "by two orders")
        whey = self._make_product("Whey")
        order = self._start(self.curd, 1, [(self.untracked, 4)])
        order.move_byproduct_ids = [
            (
                0,
                0,
                {
                    "product_id": whey.id,
                    "product_uom_qty": 1,
                    "quantity": 1,
                    "location_id": order.production_location_id.id,
                    "location_dest_id": self.stock.id,
                },
            )
        ]
        whey_1 = self._make_lot("W1", whey)
        order.move_byproduct_ids.lot_ids = whey_1
        order.move_byproduct_ids.quantity = 1
        curd = self._make_lot("K3", self.curd)
        self._finish(order, curd)
        graph = self.trace.backward((curd | whey_1).ids)
        self.assertEqual(self._nodes(graph, "quantity")["Salt"], (4.0,))

    def test_depth(self):
        graph = self.trace.forward(self.milk_1.ids, depth=1)
        self.assertEqual(set(self._nodes(graph)), {"M1", "K1"})
        reach = self.trace._get_reach(self.cheese_1, "backward", depth=1)
        self.assertEqual(reach, {self.cheese_1.id: 0, self.curd_1.id: -1})

    def test_products(self):
        graph = self.trace.forward(self.milk_1.ids, product_ids=self.cheese.ids)
        self.assertEqual(set(self._nodes(graph)), {"M1", "C1", "C2"})
        self.assertFalse(graph["links"])

    def test_rework_ends(self):
        """Cheese that goes back into the curd that it was made of."""
        again = self._make_lot("K2", self.curd)
        self._make(1, [again], [(self.cheese_2, 2)])
        self._make(1, [self.cheese_1], [(again, 1)])
        order = self._start(self.cheese, 1, [(self.cheese_1, 1)])
        self._finish(order, self.cheese_2)
        expected = {"K1": 0, "C1": 1, "C2": 1, "K2": 2}
        for depth in (None, 5):
            reach = self.trace._get_reach(self.curd_1, "forward", depth=depth)
            lots = self.env["stock.lot"].browse(reach)
            names = dict(zip(lots.mapped("name"), reach.values(), strict=True))
            self.assertEqual(names, expected)
        graph = self.trace.forward(self.curd_1.ids)
        shares = self._nodes(graph, "share")
        self.assertEqual(set(shares), set(expected))
        self.assertTrue(all(0 <= share <= 1 for (share,) in shares.values()))

    def test_as_of_a_date(self):
        used = self.order.move_raw_ids.move_line_ids.filtered(
            lambda line: line.lot_id == self.milk_2
        )
        links = self.links.search([("from_lot_id", "=", self.milk_2.id)])
        self.env.cr.execute(
            "UPDATE qms_lot_link SET date = '2026-01-01' WHERE id = %s", [links.id]
        )
        used.lot_id = self.milk_1
        self.assertEqual(set(self._nodes(self.trace.forward(self.milk_2.ids))), {"M2"})
        for date, names in {
            "2025-12-31 10:00:00": {"M2"},
            "2026-01-02": {"M2", "K1"},
        }.items():
            graph = self.trace.forward(self.milk_2.ids, date=date)
            self.assertEqual(set(self._nodes(graph)), names, date)

    def test_questions_that_make_no_sense(self):
        missing = self._make_lot("GONE")
        missing.unlink()
        for arguments, message in {
            ("M1",): "'M1': give the ids of lots.",
            ((True,),): "(True,): give the ids of lots.",
            ((missing.id,),): f"There is no lot with the id {missing.id}.",
            ((self.milk_1.id,), "soon"): "'soon' is no date and time.",
            ((self.milk_1.id,), None, -1): "-1: give the number of steps",
        }.items():
            with self.subTest(arguments), self.assertRaises(UserError) as caught:
                self.trace.forward(*arguments)
            self.assertTrue(str(caught.exception).startswith(message), message)

    # -- Rights ------------------------------------------------------------------------

    def test_other_companies(self):
        """What another company made is left out, and only counted."""
        other = self.env["res.company"].create({"name": "Other"})
        spy = self._make_user("qms_spy", "stock.group_stock_user")
        spy.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        graph = self.env["qms.trace"].with_user(spy).forward(self.milk_1.ids)
        self.assertEqual(set(self._nodes(graph)), {"M1"})
        self.assertEqual((graph["hidden"], graph["links"]), (3, []))
        trace = self.env["qms.trace"].with_user(spy)
        self.assertEqual(self._nodes(graph, "on_hand", "quantity"), {"M1": (0.0, 0.0)})
        self.assertFalse(trace.get_stock(self.milk_1.ids))
        self.assertFalse(trace.get_receipts(self.milk_1.ids))
        self.assertFalse(trace.get_deliveries(self.cheese_1.ids))
        self.assertFalse(trace.get_productions(self.curd_1.ids))

    def test_strangers(self):
        seller = self._make_user("qms_seller", "sales_team.group_sale_salesman")
        trace = self.env["qms.trace"].with_user(seller)
        for name in ("forward", "get_stock", "get_deliveries", "get_holds"):
            with self.subTest(name), self.assertRaises(AccessError):
                getattr(trace, name)(self.milk_1.ids)

    def test_public_methods_are_read_only(self):
        model = type(self.trace)
        public = [name for name in dir(model) if name.startswith("get_")]
        own = [n for n in public if "odoo.addons.qms" in getattr(model, n).__module__]
        self.assertGreater(len(own), 8)
        for name in ("forward", "backward", "both", *own):
            self.assertTrue(getattr(getattr(model, name), "_readonly", False), name)

    # -- Facts -------------------------------------------------------------------------

    def test_stock(self):
        (fact,) = self.trace.get_stock(self.milk_1.ids)
        self.assertEqual(
            (fact["lot"], fact["location"], fact["quantity"], fact["transit"]),
            ("M1", self.stock.complete_name, 2.0, False),
        )

    def test_movements(self):
        facts = self.trace.get_movements(self.cheese_1.ids)
        self.assertEqual(
            [(fact["quantity"], fact["to"]) for fact in facts],
            [(2.0, self.stock.complete_name), (1.0, "Customers")],
        )
        self.assertEqual(facts[1]["reference"], self.delivery.name)

    def test_deliveries_ahead(self):
        """The same as core finds."""
        self._delivery(2, self.cheese_2, product=self.cheese).button_validate()
        expected = self.milk_1.delivery_ids
        self.assertEqual(len(expected), 2)
        for user in (self.inspector, self.env.user):
            trace = self.env["qms.trace"].with_user(user)
            self.assertEqual(trace._get_deliveries_ahead(self.milk_1), expected)
        self.assertFalse(trace._get_deliveries_ahead(self.env["stock.lot"]))

    def test_deliveries(self):
        (fact,) = self.trace.get_deliveries((self.cheese_1 | self.cheese_2).ids)
        self.assertEqual(
            (fact["lot"], fact["picking"], fact["partner"], fact["quantity"]),
            ("C1", self.delivery.name, "Green Farm", 1.0),
        )
        self.assertEqual(
            (fact["state"], fact["owner_id"], fact["owner"]), ("done", False, False)
        )
        self._delivery(2, self.cheese_2, product=self.cheese)
        fact = self.trace.get_deliveries(self.cheese_2.ids)[0]
        self.assertEqual((fact["quantity"], fact["state"]), (2.0, "open"))
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": self.delivery.id}
        )
        wizard.product_return_moves.quantity = 1
        back = wizard._create_return()
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual(back.state, "done")
        states = [
            (fact["state"], fact["quantity"])
            for fact in self.trace.get_deliveries(self.cheese_1.ids)
        ]
        self.assertEqual(states, [("done", 1.0), ("returned", -1.0)])

    def test_owner(self):
        """Goods on consignment stay somebody's, in and out."""
        lot = self._make_lot("M7")
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.stock, 2, lot_id=lot, owner_id=self.partner
        )
        delivery = self._delivery(2, lot)
        delivery.move_line_ids.owner_id = self.partner
        delivery.with_user(self.clerk).button_validate()
        (fact,) = self.trace.get_deliveries(lot.ids)
        self.assertEqual(
            (fact["owner_id"], fact["owner"]), (self.partner.id, "Green Farm")
        )
        record = self.trace.get_batch_record(lot.id)
        (row,) = next(
            section["rows"]
            for section in record["sections"]
            if section["name"] == "deliveries"
        )
        self.assertEqual(row[-1], "Green Farm")
        reports = self.env["ir.actions.report"].with_user(self.clerk)
        page, _kind = reports._render_qweb_html(
            "qms_traceability.report_item_tracing", lot.ids
        )
        self.assertIn("<th>Owner</th>", page.decode())

    def test_receipts(self):
        (fact,) = self.trace.get_receipts(self.milk_1.ids)
        self.assertEqual(
            (fact["lot"], fact["partner"], fact["quantity"], fact["purchase"]),
            ("M1", "Green Farm", 8.0, False),
        )

    def test_productions(self):
        facts = self.trace.get_productions(self.curd_1.ids)
        self.assertEqual([fact["role"] for fact in facts], ["made", "used", "used"])
        self.assertEqual(facts[0]["production"], self.order.name)

    def test_holds_and_quality(self):
        self._hold(lot=self.milk_1, reason="Smells")
        (fact,) = self.trace.get_holds(self.milk_1.ids)
        self.assertEqual(
            (fact["status"], fact["reason"], fact["state"]),
            ("On hold", "Smells", "open"),
        )
        graph = self.trace.forward(self.milk_1.ids)
        self.assertEqual(graph["nodes"][0]["status"]["name"], "On hold")
        self.assertFalse(self.trace.get_quality(self.milk_2.ids))
        self.assertFalse(self.trace.get_deviations(self.milk_2.ids))

    def test_packages(self):
        package = self.env["stock.package"].create({"name": "PAL1"})
        lot = self._make_lot("M9")
        self._stock_up(3, lot, package=package)
        (fact,) = self.trace.get_packages(lot.ids)
        self.assertEqual((fact["package"], fact["quantity"]), ("PAL1", 3.0))

    def test_candidates(self):
        receipt = self._picking("incoming", 4, self.untracked)
        receipt.action_confirm()
        receipt.move_ids.picked = True
        receipt.with_user(self.clerk).button_validate()
        fact = self.trace.get_candidates(self.untracked.ids)[0]
        self.assertEqual(
            (fact["kind"], fact["quantity"], fact["document"]["name"]),
            ("receipt", 4.0, receipt.name),
        )
        self.assertFalse(self.trace.get_candidates(self.untracked.ids, "2001-01-01"))

    def test_queries_do_not_grow(self):
        """A graph of many lots costs as many queries as one of few."""
        lots = [self._make_lot(f"C{n}", self.cheese) for n in range(10, 20)]
        for lot in lots:
            self._make(1, [lot], [(self.milk_2, 0.01)])
        counts = []
        for root in (self.milk_1, self.milk_1, self.milk_2):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.trace.forward(root.ids)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])
