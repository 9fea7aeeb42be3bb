from freezegun import freeze_time

from odoo.tests import tagged

from .common_lotless import LotlessCase


@tagged("post_install", "-at_install")
class TestRecallLotless(LotlessCase):
    """Who got recalled goods without lots is told, answers, and is counted."""

    def _included(self, quantity=6):
        """Return a recall that has the paste, too, and the row of the paste."""
        self._make_paste(40, {self.ingredient: 20})
        self.delivery = self._deliver_lotless(quantity, self.customers[2])
        recall = self._contained()
        row = self._rows(recall)[self.paste]
        row.action_include()
        return recall, row

    def _line(self, recall, number=2):
        lines = self._notice(recall, number).line_ids
        return lines.filtered("product_row_id")

    def _render(self, report, record):
        """Return a report's HTML, as the coordinator prints it."""
        reports = self.env["ir.actions.report"].with_user(self.coordinator)
        name = f"qms_traceability.report_{report}"
        html, _kind = reports._render_qweb_html(name, record.ids)
        return html.decode()

    # -- Told --------------------------------------------------------------------------

    def test_customers_are_told(self):
        recall, row = self._included()
        notice = self._notice(recall, 2)
        line = self._line(recall)
        self.assertEqual(
            (line.product_name, line.delivered, line.uom_name, line.product_id),
            ("Mustard paste", 6, "Units", self.paste),
        )
        self.assertRegex(line.lot_name, "^no lot, delivered since ")
        self.assertEqual(len(notice.line_ids), 2)
        delivery = notice.delivery_ids.filtered("product_row_id")
        self.assertEqual(
            (delivery.document, delivery.quantity, delivery.product_id),
            (self.delivery.name, 6, self.paste),
        )
        self.assertIn("no lot, delivered since", notice.preview)
        for report, record in (("recall", recall), ("recall_notice", notice)):
            self.assertIn("Mustard paste", self._render(report, record))
        action = recall.action_tell()
        review = self.env[action["res_model"]].browse(action["res_id"])
        goods = review.line_ids.mapped("goods")
        self.assertIn("SD-2026-0315: 50 Units, Mustard paste: 6 Units", goods)
        # the others got none of it
        self.assertFalse(self._line(recall, 3))
        notice.action_tell()
        self.assertEqual(notice.state, "told")
        recall.action_update()
        self.assertEqual((notice.state, len(notice.line_ids)), ("told", 2))

    def test_customer_who_got_nothing_else(self):
        self._make_paste(40, {self.ingredient: 20})
        shop = self._make_company("Corner shop", "shop@corner.example")
        self._deliver_lotless(3, shop)
        recall = self._contained()
        self.assertNotIn(shop, recall.customer_ids.partner_id)
        self._rows(recall)[self.paste].action_include()
        notice = recall.customer_ids.filtered(lambda one: one.partner_id == shop)
        self.assertEqual((notice.state, notice.line_ids.delivered), ("to_tell", 3))
        self.assertIn("Corner shop", self._closing_problems(recall))

    def test_in_his_language(self):
        self.env["res.lang"]._activate_lang("nl_BE")
        self.customers[2].lang = "nl_BE"
        with freeze_time("2026-03-09 10:00:00"):
            recall, _row = self._included()
        self.assertIn("9/03/2026", self._line(recall).lot_name)

    def test_day_is_that_of_the_company(self):
        calendar = self.company.resource_calendar_id
        calendar.tz = "America/New_York"
        with freeze_time("2026-03-09 02:00:00"):
            recall, _row = self._included()
        self.assertIn("03/08/2026", self._line(recall).lot_name)

    # -- Counted -----------------------------------------------------------------------

    def test_answer_counts(self):
        recall, row = self._included()
        self.assertEqual((row.answered, row.answer_gap), (0, 6))
        notice = self._notice(recall, 2)
        notice.action_tell()
        line = self._line(recall)
        line.write({"returned": 3, "used": 4})
        with self.assertRaisesRegex(
            Exception, "Mustard paste: you account for 7 Units"
        ):
            notice.action_answer()
        line.write({"used": 2})
        notice.action_answer()
        self.assertEqual((row.answered, row.answer_gap, line.unaccounted), (5, 1, 1))
        gap = "Mustard paste without lots: customers don't account for 1 Units."
        self.assertIn(gap, self._closing_problems(recall))
        notice.action_ask_again()
        line.write({"destroyed": 1})
        notice.action_answer()
        self.assertEqual(row.answer_gap, 0)
        self.assertNotIn("Mustard paste", self._closing_problems(recall))

    def test_what_comes_back_counts_once(self):
        recall, row = self._included()
        notice = self._notice(recall, 2)
        notice.action_tell()
        self._send_back(self.delivery, 4)
        recall.action_update()
        line = self._line(recall)
        self.assertEqual((line.delivered, line.came_back), (6, 4))
        self.assertEqual((row.shipped, row.answer_gap), (2, 2))
        line.write({"returned": 4, "used": 2})
        notice.action_answer()
        self.assertEqual((row.answered, row.answer_gap), (6, 0))

    def test_what_came_back_before(self):
        self._make_paste(40, {self.ingredient: 20})
        delivery = self._deliver_lotless(6, self.customers[2])
        self._send_back(delivery, 4)
        recall = self._contained()
        row = self._rows(recall)[self.paste]
        row.action_include()
        self.assertEqual((row.shipped, self._line(recall).delivered), (2, 2))

    def test_older_goods_that_come_back(self):
        """They don't make the affected ones fewer."""
        self.env["stock.quant"]._update_available_quantity(self.paste, self.stock, 50)
        with freeze_time("2026-01-02 10:00:00"):
            old = self._deliver_lotless(20, self.customers[2])
        self._make_paste(40, {self.ingredient: 20})
        self._deliver_lotless(6, self.customers[2])
        self._send_back(old, 9)
        recall = self._contained()
        row = self._rows(recall)[self.paste]
        row.action_include()
        self.assertEqual((row.shipped, self._line(recall).delivered), (6, 6))

    def test_other_companies(self):
        recall, row = self._included()
        company = self.env["res.company"].create({"name": "Company B"})
        # posted by the other company: only how much is told of it
        self.delivery.sudo().move_line_ids.company_id = company
        self.env.flush_all()
        recall.action_update()
        self.assertFalse(self._line(recall))
        self.assertEqual((row.shipped, row.elsewhere, row.answer_gap), (6, 6, 6))
        self.assertEqual(row.shipped_to, "Company B: 6")
        self.assertIn("don't account for 6", self._closing_problems(recall))

    def test_mock_recall_tells_of_them(self):
        self._make_paste(40, {self.ingredient: 20})
        self._deliver_lotless(6, self.customers[2])
        recall = self._analysed(kind="mock")
        row = self._rows(recall)[self.paste]
        self.assertEqual((row.shipped, row.answer_gap), (6, 0))
        self.assertFalse(recall.customer_ids.line_ids.product_row_id)

    # -- Tracked goods that were posted without a lot ----------------------------------

    def _ship_unnumbered(self, quantity, partner):
        """Deliver dressing without saying of which lot."""
        self.warehouse.out_type_id.use_existing_lots = False
        stock = self.env["stock.quant"]
        stock._update_available_quantity(self.dressing_product, self.stock, quantity)
        return self._deliver_lotless(quantity, partner, self.dressing_product)

    def test_lots_that_nobody_noted(self):
        shop = self._make_company("Corner shop", "shop@corner.example")
        delivery = self._ship_unnumbered(8, shop)
        recall = self._contained()
        row = self._rows(recall)[self.dressing_product]
        self.assertEqual(
            (row.decision, row.sources, row.shipped, row.level),
            ("open", "SD-2026-0315", 8, 1),
        )
        self.assertEqual(row.shipped_to, f"Corner shop: 8 ({delivery.name})")
        self.assertIn("Goods of Salad dressing have no lot", recall.warning_text)
        self.assertIn("Salad dressing without lots", self._closing_problems(recall))
        row.action_include()
        notice = recall.customer_ids.filtered(lambda one: one.partner_id == shop)
        self.assertEqual(notice.line_ids.delivered, 8)
        # what has a lot is counted as ever
        self.assertEqual(self._row(recall, self.dressing).shipped, 600)

    def test_unnumbered_before_the_lot_was_made(self):
        """They can't be of it."""
        with freeze_time("2026-01-02 10:00:00"):
            self._ship_unnumbered(8, self.customers[2])
        self.assertFalse(self._contained().product_row_ids)

    def test_stock_without_a_number_is_held(self):
        self.warehouse.out_type_id.use_existing_lots = False
        self._ship_unnumbered(1, self.customers[2])
        self.env["stock.quant"]._update_available_quantity(
            self.dressing_product, self.shelf, 3
        )
        recall = self._contained()
        row = self._rows(recall)[self.dressing_product]
        self.assertEqual((row.on_hand, row.places), (3, self.shelf.display_name))
        row.action_include()
        hold = self.env["qms.hold"].search(
            [("res_model", "=", "qms.recall"), ("scope", "=", "product_place")]
        )
        self.assertEqual(
            (hold.product_id, hold.location_id), (self.dressing_product, self.shelf)
        )

    # -- Scopes without lots -----------------------------------------------------------

    def test_product_and_dates(self):
        """A product without lots is recalled by when it was made."""
        order = self._make_paste(40, {self.clean: 20})
        sauce = self._make_sauce("MS-1", {self.paste: 10})
        self._deliver_lotless(6, self.customers[2])
        recall = self._analysed(
            [],
            scope="product",
            product_ids=self.paste,
            date_from="2020-01-01",
            date_to="2099-12-31",
        )
        self.assertFalse(recall.line_ids)
        self.assertRefused("no lots to tell of", recall.action_export_fsma)
        row = self._rows(recall)[self.paste]
        self.assertEqual(
            (row.sources, row.level, row.on_hand, row.shipped), (order.name, 0, 24, 6)
        )
        row.action_include()
        recall.action_contain()
        self.assertEqual(recall.state, "contained")
        self.assertEqual(recall.line_ids.lot_id, sauce)
        self.assertEqual(
            (recall.line_ids.how, recall.line_ids.is_held), ("maybe", True)
        )
        self.assertEqual(recall.customer_ids.partner_id, self.customers[2])
        self.assertIn(self.paste, self.env["qms.hold"].search([]).product_id)

    def test_work_center(self):
        center = self.env["mrp.workcenter"].create({"name": "Mixer"})
        order = self._order(self.paste, 40, {self.clean: 20})
        self.env["mrp.workorder"].create(
            {
                "name": "Mix",
                "production_id": order.id,
                "workcenter_id": center.id,
                "product_uom_id": self.paste.uom_id.id,
            }
        )
        self._close(order)
        recall = self._analysed(
            [],
            scope="workcenter",
            workcenter_id=center,
            date_from="2020-01-01",
            date_to="2099-12-31",
        )
        self.assertEqual(self._rows(recall)[self.paste].sources, order.name)

    def test_nothing_in_the_window(self):
        self._make_paste(40, {self.clean: 20})
        recall = self._open(
            [],
            scope="product",
            product_ids=self.paste,
            date_from="2020-01-01",
            date_to="2020-01-02",
        )
        self.assertRefused("no goods are found for this scope", recall.action_analyse)

    # -- A notice that was wrong -------------------------------------------------------

    def test_who_answered_for_goods_of_another(self):
        """What he says of goods that weren't his is a gap to explain."""
        recall = self._told()
        notice = self._notice(recall)
        notice.line_ids.write({"returned": 2})
        notice.action_answer()
        late = self._make_company("Late Market", "late@market.example")
        self.deliveries[0].sudo().partner_id = late
        recall.action_update()
        self.assertEqual(
            (notice.line_ids.delivered, notice.line_ids.unaccounted), (0, -2)
        )
        row = self._row(recall, self.dressing)
        for one in recall.customer_ids - notice:
            if one.state == "to_tell":
                one.action_tell()
            one.line_ids.used = one.line_ids.delivered
            one.action_answer()
        self.assertEqual((row.answer_gap, row.is_gap_open), (-2, True))
        self.assertIn("-2", self._closing_problems(recall))
        row.explanation = "Market 01 sent back goods of another recall"
        self.assertFalse(row.is_gap_open)
