from typing import NamedTuple

from odoo.models import BaseModel


class Certified(NamedTuple):
    """Goods that one section of a certificate speaks of, and the tests that count.

    ``tests`` are ``qms.quality.order.test``. ``quantity`` is 0 for a lot as a whole.
    """

    product: BaseModel
    lots: BaseModel
    tests: BaseModel
    quantity: float
    uom: BaseModel

    def get_label(self):
        """Return what this is, for people: the lots, or the product without any."""
        names = ", ".join(self.lots.mapped("name"))
        return names or self.product.display_name or self.tests.order_id.name
