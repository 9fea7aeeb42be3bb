from odoo import api, models

from .sheet import write_book


class QmsRecall(models.Model):
    """Key data elements by critical tracking event: 21 CFR 1.1340 (shipping), 1.1345
    (receiving) and 1.1350 (transformation).

    Each event is a sheet that can be sorted, as 1.1455(c)(3)(ii) asks for within 24
    hours. The traceability lot code is the lot's number.
    """

    _inherit = "qms.recall"

    def _get_export_fsma(self):
        lots = self._get_traced_lots()
        sources = self._get_code_sources(lots)
        content = write_book(
            [
                (self.env._("Receiving"), *self._get_fsma_receiving(lots, sources)),
                (
                    self.env._("Transformation"),
                    *self._get_fsma_transformation(lots, sources),
                ),
                (self.env._("Shipping"), *self._get_fsma_shipping(lots, sources)),
            ]
        )
        return f"{self._get_report_base_filename()}-fsma204.xlsx", "xlsx", content

    # -- Receiving, shipping -----------------------------------------------------------

    def _get_fsma_receiving(self, lots, sources):
        columns = self._get_moved_columns(
            self.env._("Immediate previous source"),
            self.env._("Received at"),
            self.env._("Date received"),
        )
        lines = self._get_event_lines(lots, "location_id", "supplier")
        rows = [
            self._get_moved_row(
                line,
                sources,
                self._get_line_partner(line),
                self._get_site(line.location_dest_id),
            )
            for line in lines
        ]
        return columns, rows

    def _get_fsma_shipping(self, lots, sources):
        columns = self._get_moved_columns(
            self.env._("Shipped from"),
            self.env._("Immediate subsequent recipient"),
            self.env._("Date shipped"),
        )
        lines = self._get_event_lines(lots, "location_dest_id", "customer")
        rows = [
            self._get_moved_row(
                line,
                sources,
                self._get_site(line.location_id),
                self._get_line_partner(line),
            )
            for line in lines
        ]
        return columns, rows

    def _get_moved_columns(self, giver, taker, date):
        return [
            (self.env._("Traceability lot code"), "text"),
            (self.env._("Product description"), "text"),
            (self.env._("GTIN"), "text"),
            (self.env._("Quantity"), "number"),
            (self.env._("Unit of measure"), "text"),
            (giver, "text"),
            (taker, "text"),
            (date, "date"),
            (self.env._("Traceability lot code source"), "text"),
            (self.env._("Reference document type"), "text"),
            (self.env._("Reference document number"), "text"),
        ]

    def _get_moved_row(self, line, sources, giver, taker):
        order = line.move_id.origin or line.picking_id.origin
        number = " / ".join(filter(None, [line.reference, order]))
        return [
            line.lot_id.name,
            line.product_id.display_name,
            self._get_gtin(line.product_id),
            line.quantity_product_uom,
            line.product_id.uom_id.name,
            self._describe(giver),
            self._describe(taker),
            line.date,
            self._describe(sources.get(line.lot_id.id)),
            line.picking_id.picking_type_id.name or self.env._("Stock move"),
            number,
        ]

    # -- Transformation ----------------------------------------------------------------

    def _get_fsma_transformation(self, lots, sources):
        columns = [
            (self.env._("Lot code of food used"), "text"),
            (self.env._("Food used"), "text"),
            (self.env._("Quantity used"), "number"),
            (self.env._("Unit used"), "text"),
            (self.env._("New traceability lot code"), "text"),
            (self.env._("Food produced"), "text"),
            (self.env._("Quantity produced"), "number"),
            (self.env._("Unit produced"), "text"),
            (self.env._("Transformed at (lot code source)"), "text"),
            (self.env._("Date completed"), "date"),
            (self.env._("Reference document type"), "text"),
            (self.env._("Reference document number"), "text"),
        ]
        links = self._get_links(lots).sorted(lambda link: (link.date, link.id))
        kinds = dict(links._fields["kind"]._description_selection(self.env))
        rows = [
            [
                link.from_lot_id.name,
                link.from_product_id.display_name,
                link.quantity,
                link.from_product_id.uom_id.name,
                link.to_lot_id.name,
                link.to_product_id.display_name,
                link.to_quantity,
                link.to_product_id.uom_id.name,
                self._describe(sources.get(link.to_lot_id.id)),
                link.date,
                kinds[link.kind],
                link.reference,
            ]
            for link in links
        ]
        return columns, rows

    # -- Where ---------------------------------------------------------------------

    def _get_code_sources(self, lots):
        """Return who gave each lot its number: who made it, else who delivered it.

        :return: ``{lot id: res.partner}``
        """
        sources = {
            line.lot_id.id: self._get_line_partner(line)
            for line in self._get_event_lines(lots, "location_id", "supplier")[::-1]
        }
        for line in self._get_event_lines(lots, "location_id", "production"):
            sources[line.lot_id.id] = self._get_site(line.location_dest_id)
        return sources

    @api.model
    def _describe(self, partner):
        """Return the location description of 21 CFR 1.1310: who, telephone, address."""
        if not partner:
            return ""
        parts = [
            partner.display_name,
            partner.phone or partner.commercial_partner_id.phone,
            partner.street,
            partner.street2,
            partner.city,
            partner.state_id.name,
            partner.zip,
            partner.country_id.name,
        ]
        return ", ".join(part for part in parts if part)
