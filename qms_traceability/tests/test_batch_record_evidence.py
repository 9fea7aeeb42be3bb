from odoo.tests import tagged
from odoo.tools import html2plaintext

from odoo.addons.qms_quality.tests.common import MANAGER
from odoo.addons.qms_quality.tests.common_disposition import DispositionCase
from odoo.addons.qms_quality.tests.rpc_case import JsonClient, Refused, RpcCase
from odoo.addons.qms_quality.tests.signing_case import RELEASE, SigningCase

from .common_dairy import DairyCase


class RecordCase(DairyCase):
    """Reads batch records: from programs, on screen and on paper."""

    def _read(self, lot, user=None):
        """Return the rows of a batch record by the names of its sections."""
        trace = self.trace.with_user(user or self.inspector)
        sections = trace.get_batch_record(lot.id)["sections"]
        return {section["name"]: section["rows"] for section in sections}

    def _see(self, lot):
        """Return the batch record on screen, as the button opens it."""
        action = lot.with_user(self.inspector).action_qms_batch_record()
        reports = self.env["ir.actions.report"].with_user(self.inspector)
        html, _kind = reports._render_qweb_html(action["report_name"], lot.ids)
        return html.decode()

    def _print(self, lot):
        """Return what the menu Print sends to the maker of PDF files, as words."""
        report = self.env.ref("qms_traceability.action_report_batch_record")
        report = report.with_user(self.inspector).with_context(
            force_report_rendering=True
        )
        sent = []
        self.patch(type(report), "get_wkhtmltopdf_state", lambda self: "ok")
        self.patch(
            type(report),
            "_run_wkhtmltopdf",
            lambda self, bodies, **options: sent.extend(bodies) or b"%PDF",
        )
        pdf, kind = report._render_qweb_pdf(report.report_name, lot.ids)
        self.assertEqual((pdf, kind), (b"%PDF", "pdf"))
        return " ".join(html2plaintext("".join(sent)).split())


@tagged("post_install", "-at_install")
class TestBatchRecordReadings(RecordCase, SigningCase, RpcCase):
    """What was read of the process and of the goods, and who signed for it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule()
        cls.vat = cls._make_weight_group("Vat")
        cls._associate(cls.vat, event="production_confirmed", product_ids=cls.curd.ids)
        cls._associate(event="output", product_ids=cls.curd.ids)

    def _sign_off(self, domain):
        """Inspect and sign the quality orders of a domain; return them."""
        orders = self.env["qms.quality.order"].search(
            [*domain, ("state", "!=", "validated")]
        )
        self.assertEqual(len(orders), 1)
        self._fill(orders)
        self._sign(orders, self.inspector)
        self.assertEqual(orders.state, "validated")
        return orders

    def _make_curd(self, name):
        """Return a lot, and the signed quality orders on its making and on itself."""
        order = self._start(self.curd, 1, [(self.milk_1, 1)])
        process = self._sign_off([("production_id", "=", order.id)])
        lot = self._make_lot(name, self.curd)
        self._finish(order, lot)
        return lot, process, self._sign_off([("lot_ids", "in", lot.ids)])

    def test_readings_and_signatures(self):
        lot, process, goods = self._make_curd("K-9")
        rows = self._read(lot)
        person = self.inspector.name
        weight = ["Weight", "4.00 – 6.00 kg", "5.00 kg", "Passed", person]
        self.assertEqual(
            [row[:6] for row in rows["readings"]], [[process.name, *weight]]
        )
        self.assertEqual(rows["tests"][0][:6], [goods.name, *weight])
        self.assertEqual(
            [row[1] for row in rows["tests"]],
            ["Weight", "Fat content #1", "Fat content #2", "Taste"],
        )
        self.assertEqual(
            [(row[0], row[2], row[4], row[5]) for row in rows["signatures"]],
            [
                (person, "Reviewed", order.display_name, "Valid")
                for order in (process, goods)
            ],
        )
        page = self._see(lot)
        for part in ("Process Readings", "Electronic Signatures", person, process.name):
            self.assertIn(part, page)
        self.assertNotIn("readings", self._read(self.curd_1), "of another order")
        (fact,) = self.trace.get_quality(lot.ids)
        self.assertEqual(
            (fact["order_id"], fact["verdict"], fact["user"]),
            (goods.id, "passed", person),
        )

    def test_signed_release(self):
        """Who let the goods go has signed on the hold."""
        self._rule(RELEASE, MANAGER)
        hold = self._hold(lot=self.cheese_2, reason="Smells")
        self._sign(hold, self.manager, "release", reason="Smells no more")
        rows = self._read(self.cheese_2)
        self.assertEqual(
            [(row[0], row[3], row[4], row[5]) for row in rows["signatures"]],
            [(self.manager.name, "Release a hold", hold.display_name, "Valid")],
        )

    def test_on_paper(self):
        lot, process, goods = self._make_curd("K-9")
        text = self._print(lot)
        for part in (
            "Batch Record K-9",
            "Process Readings",
            f"{process.name} Weight",
            f"{goods.name} Weight",
            "Electronic Signatures",
            self.inspector.name.split()[0],
            "Valid",
        ):
            self.assertIn(part, text)

    # -- A customer reads out a number -------------------------------------------------

    def _make_serial(self):
        """Return a serial number of a batch, made of inspected curd and inspected."""
        self._associate(self.vat, event="output", product_ids=self.device.ids)
        curd, _process, _goods = self._make_curd("K-9")
        serial = self._make_lot("SN-77", self.device)
        self._make(1, [serial], [(curd, 1)])
        serial.sudo().qms_batch = "B-9"
        self._sign_off([("lot_ids", "in", serial.ids)])
        return serial

    def _call(self, user, **named):
        """Ask for the chain of a number as a program of this user does."""
        call = JsonClient(self, user)
        record = call("qms.trace", "get_serial_chain", **named)
        return record, {one["name"]: one["rows"] for one in record["sections"]}

    def test_chain_for_programs(self):
        """From the serial to its batch, components, tests and signatures."""
        serial = self._make_serial()
        record, rows = self._call(self.inspector, name="SN-77")
        self.assertEqual(
            (record["lot_id"], record["lot"], record["batch"], record["product"]),
            (serial.id, "SN-77", "B-9", "Device"),
        )
        self.assertEqual([row[1] for row in rows["ingredients"]], ["K-9", "M-1"])
        self.assertIn("Green Farm", rows["ingredients"][1][6])
        self.assertEqual(
            rows["tests"][0][1:5], ["Weight", "4.00 – 6.00 kg", "5.00 kg", "Passed"]
        )
        self.assertEqual(
            [(row[0], row[5]) for row in rows["signatures"]],
            [(self.inspector.name, "Valid")],
        )

    def test_chain_for_who_may_do_least(self):
        """A warehouse clerk learns all of it: he is who stands before the customer."""
        self._make_serial()
        record, rows = self._call(self.clerk, name=" SN-77 ")
        self.assertEqual((record["batch"], record["hidden"]), ("B-9", 0))
        self.assertEqual([row[1] for row in rows["ingredients"]], ["K-9", "M-1"])
        self.assertEqual(rows["tests"][0][4], "Passed")
        self.assertEqual(rows["signatures"][0][0], self.inspector.name)

    def test_chain_is_refused(self):
        self._make_serial()
        stranger = self._make_user("qms_stranger", "sales_team.group_sale_salesman")
        with self.assertRaises(Refused) as caught:
            self._call(stranger, name="SN-77")
        self.assertNotIn("B-9", str(caught.exception))
        self.assertNotIn("K-9", str(caught.exception))
        for named, text in (
            ({"name": "SN-78"}, "No lot or serial number SN-78 is known."),
            ({"name": ["SN-77"]}, "No lot or serial number ['SN-77'] is known."),
            (
                {"name": "SN-77", "product_id": {"a": 1}},
                "No lot or serial number SN-77",
            ),
        ):
            with self.assertRaises(Refused) as caught:
                self._call(self.clerk, **named)
            self.assertIn(text, str(caught.exception))

    def test_chain_of_a_number_in_two_companies(self):
        """Who works for both says of which; who works for one has nothing to say."""
        other = self.env["res.company"].create({"name": "Other"})
        lots = self.env["stock.lot"].union(
            *(
                self.env["stock.lot"].create(
                    {
                        "name": "SN-88",
                        "product_id": self.device.id,
                        "company_id": company.id,
                    }
                )
                for company in (self.env.company, other)
            )
        )
        one = self._make_user("qms_one", "stock.group_stock_user")
        both = self._make_user("qms_both", "stock.group_stock_user")
        both.company_ids += other
        self.assertEqual(self._call(one, name="SN-88")[0]["lot_id"], lots[0].id)
        self._assert_refused(
            one, "No lot or serial number SN-88", name="SN-88", company_id=other.id
        )
        ask = (
            "SN-88 is a number of Device in several companies: {}, Other. Say of which."
        )
        ask = ask.format(self.env.company.name)
        self._assert_refused(both, ask, name="SN-88")
        self._assert_refused(both, ask, name="SN-88", product_id=self.device.id)
        for lot in lots:
            record, _rows = self._call(both, name="SN-88", company_id=lot.company_id.id)
            self.assertEqual(record["lot_id"], lot.id)
        self._assert_refused(
            both, "No lot or serial number SN-88", name="SN-88", company_id={"a": 1}
        )

    def test_chain_of_a_number_of_two_products(self):
        """Only products of one's own companies are asked for."""
        other = self.env["res.company"].create({"name": "Other"})
        serial = self._make_lot("SN-88", self.device)
        foreign = self.env["stock.lot"].create(
            {
                "name": "SN-88",
                "product_id": self._make_product("Secret").id,
                "company_id": other.id,
            }
        )
        serial.company_id = self.env.company
        self.assertEqual(self._call(self.clerk, name="SN-88")[0]["lot_id"], serial.id)
        foreign.company_id = self.env.company
        self._assert_refused(
            self.clerk,
            "SN-88 is a number of several products: Device, Secret. Say of which.",
            name="SN-88",
        )
        record, _rows = self._call(
            self.clerk, name="SN-88", product_id=foreign.product_id.id
        )
        self.assertEqual(record["lot_id"], foreign.id)

    def _assert_refused(self, user, text, **named):
        with self.assertRaises(Refused) as caught:
            self._call(user, **named)
        self.assertIn(text, str(caught.exception))

    def test_chain_of_another_company(self):
        self._make_serial()
        other = self.env["res.company"].create({"name": "Other"})
        spy = self._make_user("qms_spy", "stock.group_stock_user")
        spy.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        record, rows = self._call(spy, name="SN-77")
        # a hold on a lot of all companies is everybody's to keep
        self.assertLessEqual(set(rows), {"holds"})
        self.assertEqual((record["quantity"], record["hidden"]), (0, 2))


@tagged("post_install", "-at_install")
class TestBatchRecordDecisions(RecordCase, DispositionCase):
    """What was decided about the goods."""

    def test_disposition(self):
        case = self._make_case(self.cheese_2)
        self._bring_to_disposition(case)
        self._add(case, "scrap", 2, self.cheese_2)
        self._carry_out(case)
        rows = self._read(self.cheese_2)
        self.assertEqual(
            rows["dispositions"],
            [["Scrap", "2 Units", "Done", self.manager.name, "Decided"]],
        )
        self.assertEqual(
            [row[:2] for row in rows["nonconformances"]],
            [[case.display_name, "Execution"]],
        )
        page = self._see(self.cheese_2)
        for part in ("Dispositions", "Scrap", "Decided", case.name):
            self.assertIn(part, page)
        self.assertIn("Scrap 2 Units Done", self._print(self.cheese_2))
