from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..card.goods_facts import GoodsFacts

LOTS = 60
CUSTOMERS = 25


class QmsQrs(models.Model):
    """The screen of lots and customers."""

    _inherit = "qms.qrs"

    @api.model
    def get_matrix(self, filters=None):
        """Return a page of the matrix of lots in stock and customers.

        :param dict filters: ``product_id``, ``categ_id``, ``customer_tag_id``,
            ``location_id`` (ids), ``lot`` and ``customer`` (parts of names),
            ``all`` (lots and customers without requirements, too), ``lot_offset`` and
            ``customer_offset``
        :return: dict of ``lots``, ``customers``, ``rows`` (a list of outcomes for each
            lot), ``lot_total``, ``customer_total`` and ``outcomes``
        :raise AccessError: if the user may not read requirements
        """
        self.check_access("read")
        filters = filters or {}
        lots = self.env["stock.lot"]
        domain = self._get_matrix_stock_domain(filters)
        offset = self._get_offset(filters, "lot_offset")
        stock = lots._qms_get_stock(domain, limit=LOTS, offset=offset)
        customers = self.env["res.partner"]
        wanted = self._get_matrix_customer_domain(filters)
        page = customers.search(
            wanted,
            limit=CUSTOMERS,
            offset=self._get_offset(filters, "customer_offset"),
            order="complete_name, id",
        )
        place = self._get_matrix_place(filters)
        rows = self._qms_matrix(lots.sudo().union(*stock), page, location=place)
        return {
            "lots": [self._prepare_matrix_lot(lot, stock[lot][1]) for lot in rows],
            "customers": [{"id": one.id, "name": one.display_name} for one in page],
            "rows": [[cell.outcome for cell in row] for row in rows.values()],
            "lot_total": self._count_lots(domain),
            "customer_total": customers.search_count(wanted),
            "lot_limit": LOTS,
            "customer_limit": CUSTOMERS,
            "outcomes": dict(
                self.env["qms.qrs.finding"]
                ._fields["outcome"]
                ._description_selection(self.env)
            ),
        }

    @api.model
    def get_matrix_cell(self, lot_id, customer_id, filters=None):
        """Return what a customer demands of a lot, and what it lacks.

        :param int lot_id: id of a ``stock.lot``
        :param int customer_id: id of a ``res.partner``
        :param dict filters: as for :meth:`get_matrix`
        :return: dict of ``outcome``, ``card`` (id and name), ``criteria`` (dicts of
            expected, found, state, departure_text), ``held`` (by what, a text) and
            ``at_transfer`` (texts)
        :raise AccessError: if the user may not read requirements or this lot
        """
        self.check_access("read")
        lot = self._get_matrix_lot(lot_id)
        customer = self.env["res.partner"].browse(_as_id(customer_id)).exists()
        customer.check_access("read")
        place = self._get_matrix_place(filters or {})
        ((cell,),) = self._qms_matrix(lot, customer, location=place).values()
        line = self.env["qms.qrs.line"].sudo().browse(cell.line_id or ())
        facts = GoodsFacts(self.env, [self._as_goods(lot)], customer)
        return {
            "outcome": cell.outcome,
            "card": bool(line) and [line.qrs_id.id, line.qrs_id.display_name],
            "held": self._get_matrix_hold_text(lot, customer, place),
            "criteria": self._prepare_matrix_criteria(line, facts),
            "at_transfer": (
                line.criterion_ids - line.criterion_ids._qms_filter_of_stock()
            ).mapped("expected"),
        }

    @api.model
    def _get_matrix_lot(self, lot_id):
        """Return a lot that lies in stock, whoever may read lots.

        :raise UserError: if there is none with this id
        """
        domain = self.env["stock.lot"]._qms_get_placed_domain()
        domain &= Domain("lot_id", "=", _as_id(lot_id))
        # sudo: sellers read what they may promise
        lot = self.env["stock.quant"].sudo().search(domain, limit=1).lot_id
        if not lot:
            raise UserError(self.env._("This lot isn't in stock any more."))
        return lot

    @api.model
    def _get_matrix_hold_text(self, lot, customer, place):
        """Return what keeps a lot from being delivered to a customer, for people."""
        (holds,) = self.env["qms.hold"]._get_covering([self._as_goods(lot)])
        blocking = holds.filtered(lambda hold: hold._block_delivery(customer))
        return "; ".join(hold._get_reason_text() for hold in blocking)

    @api.model
    def _prepare_matrix_criteria(self, line, facts):
        """Return what is asked of the goods, and found, for the screen."""
        departures = dict(
            line.criterion_ids._fields["departure"]._description_selection(self.env)
        )
        judged = line.criterion_ids._qms_filter_of_stock()._qms_judge(facts)
        return [
            {
                "id": one.criterion.id,
                "expected": one.expected,
                "found": one.found,
                "state": one.state,
                "departure_text": departures[one.criterion.departure],
            }
            for one in judged.values()
        ]

    # -- Filters -----------------------------------------------------------------------

    @api.model
    def _get_matrix_stock_domain(self, filters):
        domain = self.env["stock.lot"]._qms_get_placed_domain(
            self._get_matrix_place(filters)
        ) & Domain("product_id.sale_ok", "=", True)
        if product_id := _as_id(filters.get("product_id")):
            domain &= Domain("product_id", "=", product_id)
        if categ_id := _as_id(filters.get("categ_id")):
            domain &= Domain("product_id.categ_id", "child_of", categ_id)
        if lot := filters.get("lot"):
            domain &= Domain("lot_id.name", "ilike", str(lot))
        if not filters.get("all"):
            about = self._get_matrix_cards().line_ids._get_product_domain()
            domain &= Domain("product_id", "any", about)
        return domain

    @api.model
    def _get_matrix_cards(self):
        return self.search([("state", "=", "active"), ("type", "=", "sales")])

    @api.model
    def _get_matrix_customer_domain(self, filters):
        domain = Domain("id", "in", self._get_matrix_cards().partner_ids.ids)
        if filters.get("all"):
            company = Domain("parent_id", "=", False)
            domain |= Domain("customer_rank", ">", 0) & company
        if tag_id := _as_id(filters.get("customer_tag_id")):
            domain &= Domain("category_id", "child_of", tag_id)
        if name := filters.get("customer"):
            domain &= Domain("complete_name", "ilike", str(name))
        return domain

    @api.model
    def _get_offset(self, filters, name):
        offset = filters.get(name)
        return offset if isinstance(offset, int) and offset > 0 else 0

    @api.model
    def _get_matrix_place(self, filters):
        places = self.env["stock.location"].sudo()
        if location_id := _as_id(filters.get("location_id")):
            return places.browse(location_id).exists()
        warehouses = self.env["stock.warehouse"].sudo()
        domain = [("company_id", "=", self.env.company.id)]
        return warehouses.search(domain, limit=1).lot_stock_id

    @api.model
    def _count_lots(self, domain):
        quants = self.env["stock.quant"].sudo()
        ((count,),) = quants._read_group(domain, [], ["lot_id:count_distinct"])
        return count

    @api.model
    def _prepare_matrix_lot(self, lot, free):
        return {
            "id": lot.id,
            "name": lot.name,
            "product": lot.product_id.display_name,
            "free": free,
            "unit": lot.product_id.uom_id.name,
        }


def _as_id(value):
    """Return an id that a client sent, False where it is none."""
    return value if type(value) is int and value > 0 else False
