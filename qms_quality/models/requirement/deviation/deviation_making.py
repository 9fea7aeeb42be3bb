from odoo import api, models

from ...sentinel import trusted, untrusted


class QmsDeviation(models.Model):
    """How deviations are recorded."""

    _inherit = "qms.deviation"

    @api.model
    def _qms_record(self, vals_list):
        """Record departures, each once.

        One that was asked about before its goods were posted is tied to the posting
        instead. Two queries to look, then one insert, however many.

        :param list vals_list: values of deviations; with ``criterion_id``, ``lot_id``
            and ``move_line_id`` where the check found them
        :return: the deviations of all of them
        """
        if not vals_list:
            return self.browse()
        # sudo: who posts goods records what departs by doing so, whatever his rights
        model = trusted(self.sudo()).with_context(
            mail_create_nolog=True, mail_create_nosubscribe=True, tracking_disable=True
        )
        posted, asked = model._find_recorded(vals_list)
        found, new = model.browse(), []
        for vals in vals_list:
            key, line = model._get_key(vals), vals.get("move_line_id") or False
            if key and (key, line) in posted:
                found |= posted[key, line]
            elif key in asked:
                # asked about once: it counts for one posting
                one = asked.pop(key) if line else asked[key]
                one._tie_to_posting(vals)
                found |= one
            else:
                new.append(vals)
        names = self.env["ir.sequence"]._qms_draw("qms.deviation", len(new))
        found |= model.create(
            [{**vals, "name": name} for vals, name in zip(new, names, strict=True)]
        )
        return untrusted(found.with_env(self.env))

    @api.model
    def _get_key(self, vals):
        """Return what makes a departure the same one, None for those by hand."""
        criterion, product = vals.get("criterion_id"), vals["product_id"]
        return (criterion, product, vals.get("lot_id") or False) if criterion else None

    def _get_own_key(self):
        """Return :meth:`_get_key` of what is recorded."""
        return self.criterion_id.id, self.product_id.id, self.lot_id.id

    @api.model
    def _find_recorded(self, vals_list):
        """Return what is known of these departures.

        :return: ``{(key, move line): deviation}`` of those that were posted,
            ``{key: deviation}`` of those that were asked about before
        """
        keys = {key for vals in vals_list if (key := self._get_key(vals))}
        lines = [vals.get("move_line_id") for vals in vals_list]
        found = self.search(
            [
                ("criterion_id", "in", [criterion for criterion, *_goods in keys]),
                ("lot_id", "in", [lot for *_goods, lot in keys]),
                ("move_line_id", "in", [False, *filter(None, lines)]),
            ],
            order="id",
        )
        posted = found.filtered("move_line_id")
        asked = (found - posted).filtered(lambda one: one.decision != "rejected")
        return (
            {(one._get_own_key(), one.move_line_id.id): one for one in posted},
            {one._get_own_key(): one for one in asked},
        )

    def _tie_to_posting(self, vals):
        """Give a deviation that waited for its posting what was posted."""
        self.ensure_one()
        if vals.get("move_line_id"):
            self.write(
                {
                    "move_line_id": vals["move_line_id"],
                    "quantity": vals["quantity"],
                    "found": vals["found"],
                    "is_intentional": self.decision == "accepted"
                    or vals["is_intentional"],
                }
            )
