"""Which readings the rows are about."""

from .reading_row import IGNORED, KEYS, ReadingRow, RowProblem, as_id, is_storable


class ReadingFinder:
    """Finds the readings that rows name, of all rows together.

    :param orders: ``qms.quality.order``, the model in the environment of the caller
    """

    def __init__(self, orders):
        self.env, self.orders = orders.env, orders.browse()
        self.by_name, self.results, self.units = {}, {}, {}
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
            found = self.orders.filtered(lambda order: order.id == number)
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
        return self.orders.browse(found.id)

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
        index = self.indexes[row.order]
        test = index.find_test(row.get("test"))
        return index.find_result(test, row, self.taken)


class OrderIndex:
    """The tests and readings of one order, by what people call them."""

    def __init__(self, order):
        self.order, self.env = order, order.env
        self.tests = order.test_ids
        self.by_test = order.result_ids.grouped("test_line_id")
        self.targets = order._get_read_targets()

    def find_test(self, key):
        """Return the test of this order with an id, a code or a name.

        :raise RowProblem: if there is none, or several
        """
        found = self._match_tests(key)
        if len(found) == 1:
            return found
        names = ", ".join(self.tests.mapped(lambda test: test._get_key_text()))
        if found:
            text = self.env._(
                "%(order)s has several tests “%(test)s”: give the id, one of %(ids)s",
                order=self.order.name,
                test=key,
                ids=", ".join(str(one) for one in found.ids),
            )
        else:
            text = self.env._(
                "%(order)s has no test “%(test)s”. It has: %(tests)s",
                order=self.order.name,
                test="" if key is None else str(key)[:64],
                tests=names,
            )
        raise RowProblem(text)

    def _match_tests(self, key):
        if isinstance(key, str):
            name = key.strip().casefold()
            found = self.tests.filtered(lambda test: name in test._get_keys())
            if found:
                return found
        number = as_id(key)
        return self.tests.filtered(lambda test: test.id == number)

    def find_result(self, test, row, taken):
        """Return the reading that a row is about: the one it says, or the next empty.

        :param dict taken: the readings that earlier rows are about
        :raise RowProblem: if there is none, or if it can't be told which
        """
        results = self.by_test.get(test, self.order.result_ids.browse())
        entered = results.filtered(lambda one: not one.is_automatic)
        if not entered:
            raise RowProblem(
                self.env._(
                    "%s is worked out from other readings: correct those", test.name
                )
            )
        found = self._filter_lot(entered, row.get("lot"))
        sample, number = as_id(row.get("sample")), as_id(row.get("number"))
        if sample is not None and number is None and len(self.targets) == 1:
            sample, number = None, sample
        found = self._filter_sample(found, sample)
        found = self._filter_number(found, number, test)
        self._check_told(found, row, test)
        return self._choose(found, number is not None, sample is not None, taken, test)

    def _filter_lot(self, results, name):
        if name is None:
            return results
        found = results.filtered(lambda one: one.lot_id.name == name)
        if not found and name in self.order.lot_ids.mapped("name"):
            # what is read stands for several lots
            found = results.filtered(lambda one: not one.lot_id)
        if not found:
            lots = results.lot_id or self.order.lot_ids
            raise RowProblem(
                self.env._(
                    "nothing is read of the lot “%(lot)s”, but of: %(lots)s",
                    lot=name[:64],
                    lots=", ".join(lots.mapped("name")) or self.env._("no lot"),
                )
            )
        return found

    def _filter_sample(self, results, sample):
        if sample is None:
            return results
        keys = [key for key, place in self.targets.items() if place == sample]
        found = results.filtered(lambda one: one._get_target_key() in keys)
        if not found:
            raise RowProblem(
                self.env._(
                    "no sample %(sample)s: there are %(count)s",
                    sample=sample,
                    count=len(self.targets),
                )
            )
        return found

    def _filter_number(self, results, number, test):
        if number is None:
            return results
        found = results.filtered(lambda one: one.number == number)
        if not found:
            raise RowProblem(
                self.env._(
                    "%(test)s has no reading no. %(number)s, but: %(numbers)s",
                    test=test.name,
                    number=number,
                    numbers=", ".join(
                        str(n) for n in sorted(set(results.mapped("number")))
                    ),
                )
            )
        return found

    def _check_told(self, results, row, test):
        """Refuse to choose between serial numbers."""
        if len(results.lot_id) > 1:
            raise RowProblem(
                self.env._(
                    "%(test)s is read of several lots: say which lot, one of %(lots)s",
                    test=test.name,
                    lots=", ".join(results.lot_id.mapped("name")),
                )
            )

    def _choose(self, results, has_number, has_sample, taken, test):
        is_one = len(results) == 1
        if is_one and (has_number or (has_sample and test.reading_number == 1)):
            return results
        free = [one for one in results if not one.is_recorded]
        if not free:
            raise RowProblem(
                self.env._(
                    "%s is recorded already. To correct it, say which reading, as its"
                    " number",
                    test.name if not is_one else results.display_name,
                )
            )
        # two rows on one empty reading are told as such
        return next((one for one in free if one not in taken), free[-1])
