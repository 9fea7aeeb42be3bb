from odoo import api, fields, models


class QmsTrace(models.AbstractModel):
    """On what work was done: the machines that stood there at that time."""

    _inherit = "qms.trace"

    @api.model
    def _get_equipment(self, workorders):
        """Return the equipment that stood where work was done, while it was done.

        Archived since or not, but neither before it was put into use nor after it was
        scrapped.

        :param workorders: ``mrp.workorder``, in sudo
        :return: ``{record: maintenance.equipment}`` for each time that was logged, and
            for work orders without any
        """
        spans = [span for one in workorders for span in self._get_spans(one)]
        if not spans:
            return {}
        records, centers, starts, ends = zip(*spans, strict=True)
        # sudo: of work orders that the user may read
        places = (
            self.env["qms.equipment.place"]
            .sudo()
            ._get_at(centers[0].union(*centers), min(starts), max(ends))
            .grouped("workcenter_id")
        )
        nowhere = self.env["qms.equipment.place"]
        return {
            record: places.get(center, nowhere)
            .filtered(lambda place, start=start, end=end: place._holds(start, end))
            .equipment_id.sorted("id")
            for record, center, start, end in zip(
                records, centers, starts, ends, strict=True
            )
        }

    @api.model
    def _get_spans(self, workorder):
        """Return when and where was worked: ``[(record, work center, start, end)]``.

        Without a logged time, that is when the work order was finished.
        """
        now = fields.Datetime.now()
        if not workorder.time_ids:
            done = workorder.state == "done" and workorder.date_finished
            return [(workorder, workorder.workcenter_id, done or now, done or now)]
        return [
            (time, time.workcenter_id, time.date_start, time.date_end or now)
            for time in workorder.time_ids
        ]
