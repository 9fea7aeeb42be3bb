from odoo import api, models
from odoo.exceptions import AccessError, UserError

from .folding import Folding

# What a browser draws and moves without stopping
LARGEST = 2000
# From more lots than this at a time nothing is to be learned
MOST_ROOTS = 200
DIRECTIONS = ("both", "forward", "backward")


class QmsTrace(models.AbstractModel):
    """The trace as the page shows it, with the partners on both sides."""

    _inherit = "qms.trace"

    @api.model
    @api.readonly
    def get_graph(
        self,
        model,
        ids,
        direction="both",
        date=None,
        opened=(),
        find=None,
        limit=LARGEST,
    ):
        """Return the genealogy of a document's lots with their vendors and customers.

        What is more than a picture can show is folded up by product and date.

        :param str model: of the records, such as ``stock.lot`` or ``sale.order``
        :param list ids: of the records
        :param str direction: ``both``, ``forward`` or ``backward``
        :param date: as of which moment: a text in UTC or a datetime; now if empty
        :param list opened: ids of groups whose members are asked for
        :param str find: nodes with this in their name are in no group
        :param int limit: how many nodes to show before folding
        :return: as :meth:`both`, with nodes of the kinds "supplier" and "customer"
            (``partner_id``) and "group" (``count``), ids of links as texts, and
            ``"title": str, "grouped": how many nodes are in groups, "left_out": lots of
            the records that are not traced``
        :raise UserError: where the question makes no sense
        :raise AccessError: where the user may not read the records, lots or genealogy
        """
        records = self._get_traced_records(model, ids)
        lots, count = records._qms_get_traced_lots(MOST_ROOTS)
        trace = self._get_graph_of_lots(lots, direction, date)
        return {
            **self._fold_graph(trace, opened, find, limit),
            "title": self._get_graph_title(records, lots),
            "left_out": count - len(lots),
        }

    @api.model
    def _get_traced_records(self, model, ids):
        """Return the records, which the user may read.

        :raise UserError: where they don't stand for lots
        """
        known = model in self.env and isinstance(
            self.env[model], self.env.registry["qms.traced.mixin"]
        )
        if not known or not self._are_ids(ids):
            raise UserError(
                self.env._(
                    "%(model)s has no genealogy: give a lot, a product, an order, a"
                    " transfer, a package, a partner or a nonconformance, by its id.",
                    model=str(model)[:80],
                )
            )
        records = self.env[model].browse(ids).exists()
        if not records:
            raise UserError(
                self.env._("This record is not there any more. Go back, and search.")
            )
        records.check_access("read")
        return records

    @api.model
    def _get_graph_title(self, records, lots):
        if len(records) == 1:
            return self.env._("Genealogy of %(name)s", name=records.display_name)
        return self.env._("Genealogy of %(count)s lots", count=len(lots))

    @api.model
    def _get_graph_of_lots(self, lots, direction="both", date=None):
        """Return the trace of lots with partners, nothing folded up."""
        if direction not in DIRECTIONS:
            raise UserError(
                self.env._(
                    "%(direction)s is no direction: say both, forward or backward.",
                    direction=repr(direction)[:80],
                )
            )
        trace = getattr(self, direction)(lots, date=date)
        kind = self.env["qms.lot.link"]._fields["kind"]
        labels = dict(kind._description_selection(self.env))
        for link in trace["links"]:
            link["id"] = f"link-{link['id']}"
            link["kind_label"] = labels[link["kind"]]
        self._add_partners(trace, "supplier")
        self._add_partners(trace, "customer")
        return trace

    # -- Vendors and customers ---------------------------------------------------------

    @api.model
    def _add_partners(self, trace, kind):
        """Add the partners of one side, where the user may read transfers."""
        is_customer = kind == "customer"
        if trace["direction"] == ("backward" if is_customer else "forward"):
            return
        levels = [node["level"] for node in trace["nodes"]]
        level = (
            max(levels, default=0) + 1 if is_customer else min(levels, default=0) - 1
        )
        partners = {}
        for row in self._get_transfer_rows(trace, is_customer):
            partners.setdefault(row["partner_id"] or 0, row["partner"])
            trace["links"].append(self._prepare_transfer_link(row, kind))
        trace["nodes"] += [
            self._prepare_partner(partner, name, kind, level)
            for partner, name in partners.items()
        ]

    @api.model
    def _get_transfer_rows(self, trace, is_customer):
        """Return what was delivered or received of the trace's lots, by that moment."""
        lot_ids = [
            node["lot_id"]
            for node in trace["nodes"]
            if node["lot_id"]
            and (node["level"] >= 0 if is_customer else node["level"] <= 0)
        ]
        rows = self._ask("get_deliveries" if is_customer else "get_receipts", lot_ids)
        moment = trace["date"]
        return [
            row
            for row in rows
            if row["state"] in ("done", "transit")
            and (not moment or row["date"] <= moment)
        ]

    @api.model
    def _ask(self, fact, lot_ids):
        """Return facts of lots; none where the user may not read the documents."""
        try:
            return getattr(self, fact)(lot_ids)
        except AccessError:
            return []

    @api.model
    def _prepare_partner(self, partner_id, name, kind, level):
        labels = {"customer": self.env._("Customer"), "supplier": self.env._("Vendor")}
        return {
            "id": f"{kind}-{partner_id}",
            "kind": kind,
            "lot_id": False,
            "product_id": False,
            "partner_id": partner_id,
            "name": name or self.env._("Unknown partner"),
            "product": labels[kind],
            "level": level,
            "status": False,
            "quantity": 0.0,
            "uom": "",
            "share": None,
            "uncertain": False,
            "on_hand": 0.0,
        }

    @api.model
    def _prepare_transfer_link(self, row, kind):
        lot, partner = f"lot-{row['lot_id']}", f"{kind}-{row['partner_id'] or 0}"
        is_customer = kind == "customer"
        label = self.env._("Delivery") if is_customer else self.env._("Receipt")
        return {
            "id": f"{kind}-{row['picking_id']}-{row['lot_id']}",
            "source": lot if is_customer else partner,
            "target": partner if is_customer else lot,
            "quantity": row["quantity"],
            "uom": row["uom"],
            "share": None,
            "kind": kind,
            "kind_label": label,
            "date": row["date"],
            "document": {
                "model": "stock.picking",
                "id": row["picking_id"],
                "name": row["picking"],
            },
            "workcenter": False,
            "user": False,
            "registered": True,
            "uncertain": False,
        }

    # -- Too much for a picture --------------------------------------------------------

    @api.model
    def _fold_graph(self, trace, opened=(), find=None, limit=LARGEST):
        """Return the trace with groups in place of what is too much."""
        links = self._add_up_links(trace["links"])
        wanted = (find or "").strip().lower()
        kept = set(trace["roots"]) | {
            node["id"]
            for node in trace["nodes"]
            if wanted and wanted in f"{node['name']} {node['product']}".lower()
        }
        days = self._get_days(links)
        folding = Folding(trace["nodes"], days, limit, opened or (), kept)
        loose = [
            node for node in trace["nodes"] if node["id"] not in folding.group_by_node
        ]
        groups = [self._prepare_group(*group) for group in folding.groups.items()]
        return {
            **trace,
            "nodes": loose + groups,
            "links": folding.fold_links(links),
            "grouped": len(folding.group_by_node),
        }

    @api.model
    def _add_up_links(self, links):
        """Return the links with those of one document and the same ends added up."""
        found = {}
        for link in links:
            document = (link["document"]["model"], link["document"]["id"])
            ends = (link["source"], link["target"])
            key = (*ends, *document, link["uncertain"])
            if key not in found:
                found[key] = dict(link)
                continue
            same = found[key]
            same["quantity"] += link["quantity"]
            if link["share"] and same["share"]:
                same["share"] = min(same["share"] + link["share"], 1.0)
        return list(found.values())

    @api.model
    def _get_days(self, links):
        """Return the day on which each node came to be, else was first used."""
        made, used = {}, {}
        for link in links:
            day = (link["date"] or "")[:10]
            for days, node in ((made, link["target"]), (used, link["source"])):
                if day and day < days.get(node, "9999"):
                    days[node] = day
        return {**used, **made}

    @api.model
    def _prepare_group(self, group, members):
        first = members[0]
        period = group.split(":")[5]
        if first["kind"] in ("customer", "supplier"):
            name = self.env._("%(count)s partners", count=len(members))
        else:
            name = self.env._("%(count)s lots", count=len(members))
        return {
            **first,
            "id": group,
            "kind": "group",
            "lot_id": False,
            "name": f"{name} · {period}" if period else name,
            "level": min((node["level"] for node in members), key=abs),
            "count": len(members),
            "status": self._get_strictest_status(members),
            "quantity": sum(node["quantity"] for node in members),
            "on_hand": sum(node["on_hand"] for node in members),
            "share": None,
            "uncertain": all(node["uncertain"] for node in members),
        }

    @api.model
    def _get_strictest_status(self, nodes):
        statuses = {
            node["status"]["id"]: node["status"] for node in nodes if node["status"]
        }
        # sudo: which of the statuses that are shown anyhow is the strictest
        strictest = (
            self.env["qms.inspection.status"].sudo().browse(statuses)._get_strictest()
        )
        return statuses.get(strictest.id, False)
