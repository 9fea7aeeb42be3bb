"""The readings of an order, by what people call them."""

from collections import defaultdict
from itertools import product
from typing import NamedTuple

from .reading_row import RowProblem, as_id


class Slot(NamedTuple):
    """A reading to enter, by what tells it from the others of its test."""

    result: object
    lot: str
    sample: int
    number: int
    is_recorded: bool


class OrderIndex:
    """The tests of one order.

    :param order: ``qms.quality.order``
    """

    def __init__(self, order):
        self.order, self.env = order, order.env
        self.tests = order.test_ids
        self.targets = order._get_read_targets()
        self.results = order.result_ids.grouped("test_line_id")
        self.by_key, self.indexes = {}, {}

    def find_test(self, key):
        """Return the test of this order with an id, a code or a name.

        :return: :class:`TestIndex`
        :raise RowProblem: if there is none, or several
        """
        name = key if isinstance(key, str) else as_id(key)
        if name not in self.by_key:
            self.by_key[name] = self._match_tests(name)
        found = self.by_key[name]
        if len(found) != 1:
            self._refuse_test(key, found)
        if found not in self.indexes:
            self.indexes[found] = TestIndex(self, found)
        return self.indexes[found]

    def _match_tests(self, key):
        if isinstance(key, str):
            wanted = key.strip().casefold()
            found = self.tests.filtered(lambda test: wanted in test._get_keys())
            if found:
                return found
        number = as_id(key)
        return self.tests.filtered(lambda test: test.id == number)

    def _refuse_test(self, key, found):
        name = "" if key is None else str(key)[:64]
        if found:
            raise RowProblem(
                self.env._(
                    "%(order)s has several tests “%(test)s”: give the id, one of"
                    " %(ids)s",
                    order=self.order.name,
                    test=name,
                    ids=", ".join(str(one) for one in found.ids),
                )
            )
        raise RowProblem(
            self.env._(
                "%(order)s has no test “%(test)s”. It has: %(tests)s",
                order=self.order.name,
                test=name,
                tests=", ".join(test._get_key_text() for test in self.tests),
            )
        )


class TestIndex:
    """The readings of one test that are entered, by lot, sample and number.

    :param order_index: :class:`OrderIndex`
    :param test: ``qms.quality.order.test``
    """

    def __init__(self, order_index, test):
        self.order, self.env, self.test = order_index.order, test.env, test
        self.sample_count = len(order_index.targets)
        self.slots = self._get_slots(order_index)
        self.lots = {slot.lot for slot in self.slots}
        self.by_key = defaultdict(list)
        for slot in self.slots:
            # by each of lot, sample and number, said or not
            for key in product(*((value, None) for value in slot[1:4])):
                self.by_key[key].append(slot)
        self.first_free = defaultdict(int)

    def _get_slots(self, order_index):
        return [
            Slot(
                result,
                result.lot_id.name or "",
                order_index.targets[result._get_target_key()],
                result.number,
                result.is_recorded,
            )
            for result in order_index.results.get(self.test, ())
            if not result.is_automatic
        ]

    def find_result(self, lot, sample, number, taken):
        """Return the reading that is meant: the one that is said, or the next empty.

        :param lot, sample, number: what is said; ``None`` where nothing is
        :param dict taken: the readings that earlier rows are about
        :raise RowProblem: if there is none, or if it can't be told which
        """
        if not self.slots:
            raise RowProblem(
                self.env._(
                    "%s is worked out from other readings: correct those",
                    self.test.name,
                )
            )
        if sample is not None and number is None and self.sample_count == 1:
            sample, number = None, sample
        key = self._get_lot(lot), sample, number
        found = self.by_key.get(key)
        if not found:
            self._refuse_key(*key)
        if lot is None and sample is None and len(self.lots) > 1:
            self._refuse_to_choose()
        is_said = number is not None or (
            sample is not None and self.test.reading_number == 1
        )
        if len(found) == 1 and is_said:
            return found[0].result
        return self._get_next(key, found, taken)

    def _get_lot(self, name):
        """Return how a lot is kept here; none, where readings stand for all lots."""
        is_whole = self.lots == {""} and name in self.order.lot_ids.mapped("name")
        return "" if is_whole else name

    def _get_next(self, key, slots, taken):
        """Return the next empty reading; a taken one where there is no other."""
        start, last = self.first_free[key], None
        for place, slot in enumerate(slots[start:], start):
            # what is recorded or taken stays so
            self.first_free[key] = place
            if not slot.is_recorded:
                last = slot
                if slot.result not in taken:
                    break
        if last is None:
            single = slots[0].result.display_name
            raise RowProblem(
                self.env._(
                    "%s is recorded already. To correct it, say which reading, as its"
                    " number",
                    single if len(slots) == 1 else self.test.name,
                )
            )
        return last.result

    # -- What is wrong -----------------------------------------------------------------

    def _refuse_key(self, lot, sample, number):
        """Say which of lot, sample and number there is none of."""
        if lot is not None and lot not in self.lots:
            lots = sorted(self.lots - {""}) or self.order.lot_ids.mapped("name")
            raise RowProblem(
                self.env._(
                    "nothing is read of the lot “%(lot)s”, but of: %(lots)s",
                    lot=lot[:64],
                    lots=", ".join(lots) or self.env._("no lot"),
                )
            )
        if sample is not None and (lot, sample, None) not in self.by_key:
            raise RowProblem(
                self.env._(
                    "no sample %(sample)s: there are %(count)s",
                    sample=sample,
                    count=self.sample_count,
                )
            )
        numbers = sorted({slot.number for slot in self.slots})
        raise RowProblem(
            self.env._(
                "%(test)s has no reading no. %(number)s, but: %(numbers)s",
                test=self.test.name,
                number=number,
                numbers=", ".join(map(str, numbers)),
            )
        )

    def _refuse_to_choose(self):
        raise RowProblem(
            self.env._(
                "%(test)s is read of several lots: say which lot, one of %(lots)s",
                test=self.test.name,
                lots=", ".join(sorted(self.lots)),
            )
        )
