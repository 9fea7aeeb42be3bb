"""Goods that arrived together and are inspected together."""

from typing import NamedTuple


class Arrival(NamedTuple):
    """One quality order's worth of goods, all of one product.

    ``movements`` are the gate's; ``quantity`` is in the product's unit of measure;
    ``places`` are where the goods arrived; ``sample`` is what is taken of them, where a
    sampling plan says so.
    """

    event: str
    product: object
    movements: list
    quantity: float
    partner: object
    places: object
    company: object
    sample: object = None

    def get_partner_key(self):
        """Return the ids of product, commercial partner and company."""
        partner = self.partner.commercial_partner_id
        return self.product.id, partner.id, self.company.id
