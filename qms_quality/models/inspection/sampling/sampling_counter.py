from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from .draw import draw, new_seed


class Count(NamedTuple):
    """Where a counter stood before something arrived."""

    counter_id: int
    received: float
    lots: int
    seed: str


class QmsSamplingCounter(models.Model):
    """What a plan has seen of a product from a partner, across receipts.

    The seed says which lots a skip-lot plan inspects: of each block of n lots, the one
    that is drawn with the seed and the number of the block.
    """

    _name = "qms.sampling.counter"
    _description = "Sampling Counter"
    _inherit = ["qms.sampling.record"]
    _order = "id desc"
    _key = ("plan_id", "product_id", "partner_id", "company_id")

    plan_id = fields.Many2one(
        "qms.sampling.plan", required=True, readonly=True, ondelete="cascade"
    )
    product_id = fields.Many2one(
        "product.product", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = fields.Many2one("res.partner", readonly=True, ondelete="cascade")
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    received = fields.Float(
        readonly=True, digits="Product Unit", help="In the product's unit of measure."
    )
    lot_count = fields.Integer(string="Lots", readonly=True)
    # who knows the seed knows which lots will be inspected
    seed = fields.Char(readonly=True, groups="qms_quality.group_quality_manager")

    _key_uniq = models.UniqueIndex(
        "(plan_id, product_id, COALESCE(partner_id, 0), company_id)"
    )

    @api.depends("plan_id", "product_id", "partner_id")
    def _compute_display_name(self):
        for counter in self:
            names = (counter.plan_id.name, counter.product_id.display_name)
            partner = counter.partner_id.display_name
            counter.display_name = " · ".join([*names, *filter(None, [partner])])

    @api.model
    def _advance(self, increments):
        """Count what arrives, and return where the counters stood before.

        One statement: of two receipts at the same time one waits for the other.

        :param dict increments: quantity and number of lots by key, the ids of plan,
            product, partner (False for none) and company
        :return: ``{key: Count}``
        """
        if not increments:
            return {}
        self.flush_model()
        self.env.cr.execute(self._get_advance_query(increments))
        counts = {}
        for *key, counter_id, received, lots, seed in self.env.cr.fetchall():
            key = tuple(part or False for part in key)
            quantity, more = increments[key]
            counts[key] = Count(counter_id, received - quantity, lots - more, seed)
        self.invalidate_model()
        return counts

    def _get_advance_query(self, increments):
        uid, now = self.env.uid, fields.Datetime.now()
        # sorted: two receipts never wait for each other
        rows = [
            SQL("%s", (*(part or None for part in key), *more, new_seed(), uid, now))
            for key, more in sorted(increments.items())
        ]
        return SQL(
            """INSERT INTO qms_sampling_counter AS c (
                   plan_id, product_id, partner_id, company_id,
                   received, lot_count, seed, create_uid, create_date)
               VALUES %s
               ON CONFLICT (plan_id, product_id, COALESCE(partner_id, 0), company_id)
               DO UPDATE SET received = c.received + EXCLUDED.received,
                             lot_count = c.lot_count + EXCLUDED.lot_count
               RETURNING plan_id, product_id, partner_id, company_id,
                         id, received, lot_count, seed""",
            SQL(", ").join(rows),
        )


def is_drawn(seed, number, one_in):
    """Tell whether a skip-lot plan inspects a lot.

    :param str seed: of the counter
    :param int number: of the lot, from 1
    :param int one_in: how many lots a block has
    """
    block, position = divmod(number - 1, one_in)
    return draw(f"{seed}/{block}", one_in, 1) == [position + 1]
