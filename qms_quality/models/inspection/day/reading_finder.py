"""Which readings the rows are about."""

from .reading_index import OrderIndex
from .reading_row import IGNORED, KEYS, ReadingRow, RowProblem, as_id, is_storable


class ReadingFinder:
    """Finds the readings that rows name, of all rows together.

    :param orders: ``qms.quality.order``, the model in the environment of the caller
    """

    def __init__(self, orders):
        self.env, self.orders = orders.env, orders.browse()
        self.by_name, self.by_id, self.results = {}, {}, {}
        self.indexes, self.taken = {}, {}

    def find(self, pairs):
        """Return a :class:`ReadingRow` for each row, with its reading or a problem.

        :param list pairs: of (line, row)
        """
        rows = [ReadingRow(line, data) for line, data in pairs]
        for row in rows:
            self._attempt(row, self._check_shape)
        good = [row for row in rows if not row.problem]
        self._load(good)
        for row in good:
            self._attempt(row, self._find_row)
        return rows

    @staticmethod
    def _attempt(row, function):
        try:
            function(row)
        except RowProblem as problem:
            row.problem = str(problem)

    # -- Shape -------------------------------------------------------------------------

    def _check_shape(self, row):
        data = row.data
        if not isinstance(data, dict):
            row.data = {}
            raise RowProblem(self.env._("a row must name its values, such as value: 4"))
        unknown = [str(key) for key in data if key not in {*KEYS, *IGNORED}]
        if unknown:
            raise RowProblem(
                self.env._(
                    "unknown: %(keys)s. What a row can say: %(known)s",
                    keys=", ".join(unknown)[:200],
                    known=", ".join(KEYS),
                )
            )
        for key in KEYS:
            self._check_value_shape(key, data.get(key))
        if "value" not in data and "note" not in data:
            raise RowProblem(self.env._("there is no value"))

    def _check_value_shape(self, key, value):
        if isinstance(value, str) and not is_storable(value):
            raise RowProblem(
                self.env._("%s: the text has signs that can't be kept", key)
            )
        is_text = value is None or value is False or isinstance(value, str)
        if key in ("unit", "note", "reason", "lot") and not is_text:
            raise RowProblem(self.env._("%s must be a text", key))
        if key in ("reading", "sample", "number") and value not in (None, False, ""):
            if as_id(value) is None:
                raise RowProblem(self.env._("%s must be a whole number", key))

    # -- Reading what the rows name, once ----------------------------------------------

    def _load(self, rows):
        model = self.env["qms.quality.order.result"]
        wanted = {as_id(row.get("reading")) for row in rows} - {None}
        found = model.search([("id", "in", list(wanted))])
        self.results = {result.id: result for result in found}
        self._load_orders([row.get("order") for row in rows], found.order_id)
        for order in self.orders:
            self.indexes[order] = OrderIndex(order)

    def _load_orders(self, keys, more):
        names = {key for key in keys if isinstance(key, str)}
        ids = {as_id(key) for key in keys} - {None}
        domain = ["|", ("name", "in", list(names)), ("id", "in", list(ids))]
        orders = self.orders.search(domain) if names or ids else self.orders
        for name, same in orders.grouped("name").items():
            self.by_name[name] = same
        # together, for all that is read of them
        self.orders = self.orders.browse({*orders.ids, *more.ids})
        self.by_id = {order.id: order for order in self.orders}

    # -- Finding -----------------------------------------------------------------------

    def _find_row(self, row):
        row.order = self._find_order(row)
        if row.get("reading") is not None:
            row.result = self._find_by_id(row)
        else:
            row.result = self._find_by_names(row)
        first = self.taken.setdefault(row.result, row)
        if first is not row:
            raise RowProblem(
                self.env._(
                    "about %(reading)s, like row %(line)s: leave one of them out",
                    reading=row.result.display_name,
                    line=first.line,
                )
            )

    def _find_order(self, row):
        key = row.get("order")
        if key is None:
            if row.get("reading") is None:
                raise RowProblem(self.env._("there is no order"))
            return None
        found = self.by_name.get(key) if isinstance(key, str) else None
        number = as_id(key)
        if not found and number is not None:
            found = self.by_id.get(number)
        if not found:
            raise RowProblem(
                self.env._("no quality order “%s” that you may see", str(key)[:64])
            )
        if len(found) > 1:
            raise RowProblem(
                self.env._(
                    "several quality orders “%(name)s”: give the number of the record"
                    " instead, one of %(ids)s",
                    name=key,
                    ids=", ".join(str(one) for one in found.ids),
                )
            )
        return self.by_id[found.id]

    def _find_by_id(self, row):
        result = self.results.get(as_id(row.get("reading")))
        if not result:
            raise RowProblem(
                self.env._("no reading %s that you may see", row.get("reading"))
            )
        if row.order and result.order_id != row.order:
            raise RowProblem(
                self.env._(
                    "the reading %(reading)s is not of %(order)s",
                    reading=result.id,
                    order=row.order.name,
                )
            )
        row.order = result.order_id
        return result

    def _find_by_names(self, row):
        test = self.indexes[row.order].find_test(row.get("test"))
        return test.find_result(
            row.get("lot"),
            as_id(row.get("sample")),
            as_id(row.get("number")),
            self.taken,
        )
