from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .common_dairy import DairyCase

DAY = "2025-03-03"


@tagged("post_install", "-at_install")
class TestEquipmentPlaces(DairyCase):
    """Work names the machines that stood there at its time, not those of today.

    ``cls.keeper`` looks after the machines and may use Manufacturing. ``cls.stirrer``
    stands at ``cls.vat`` since ever, ``cls.knife`` at ``cls.table``.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keeper = cls._make_user(
            "qms_keeper", "maintenance.group_equipment_manager", "mrp.group_mrp_user"
        )
        cls.vat, cls.table = cls.env["mrp.workcenter"].create(
            [{"name": "Vat"}, {"name": "Table"}]
        )
        cls.stirrer = cls._place("Stirrer", cls.vat)
        cls.knife = cls._place("Knife", cls.table)
        cls.number = 0

    @classmethod
    def _place(cls, name, center, **vals):
        """Return a machine that stands at a work center since it was put into use."""
        form = Form(cls.env["maintenance.equipment"].with_user(cls.keeper))
        form.name = name
        form.effective_date = "2020-01-01"
        form.qms_workcenter_id = center
        for field, value in vals.items():
            form[field] = value
        return form.save()

    def _move(self, machine, center, time):
        """Move a machine on its form, at a time of the day."""
        with freeze_time(f"{DAY} {time}"), Form(machine) as form:
            form.qms_workcenter_id = center

    def _work(self, center, *times):
        """Return a started work order, with a clock: its methods run at that time."""
        order = self._start(self.curd, 1, [(self.milk_1, 0.01)])
        work = self.env["mrp.workorder"].create(
            {"name": "Stir", "production_id": order.id, "workcenter_id": center.id}
        )
        self._at(times[0], work.with_user(self.worker).button_start)
        return work

    def _at(self, time, call):
        with freeze_time(f"{DAY} {time}"):
            call()

    def _end(self, work, time):
        """Finish the work; return its batch record's rows and what the trace says."""
        self._at(time, work.with_user(self.worker).button_finish)
        self.number += 1
        lot = self._make_lot(f"K-10{self.number}", self.curd)
        with freeze_time(f"{DAY} {time}"):
            self._finish(work.production_id, lot)
        return self._ask(lot)

    def _ask(self, lot):
        record = self.trace.get_batch_record(lot.id)
        rows = next(one["rows"] for one in record["sections"] if one["name"] == "work")
        (order,) = self.trace.get_productions(lot.ids)
        (work,) = order["workorders"]
        return [row[3] for row in rows], [one["name"] for one in work["equipment"]]

    def _do(self, center, start, end):
        """Return what the batch record of work between two times names."""
        return self._end(self._work(center, start), end)[0]

    # -- What is named -----------------------------------------------------------------

    def test_where_it_stood_then(self):
        before = self._work(self.vat, "08:00")
        self.assertEqual(self._end(before, "09:00"), (["Stirrer"], ["Stirrer"]))
        early = self._work(self.table, "08:00")
        self.assertEqual(self._end(early, "09:00")[0], ["Knife"])
        self._move(self.stirrer, self.table, "10:00")
        self.assertEqual(self._do(self.vat, "11:00", "12:00"), [""])
        self.assertEqual(self._do(self.table, "11:00", "12:00"), ["Stirrer, Knife"])
        lots = before.production_id.lot_producing_ids
        self.assertEqual(self._ask(lots), (["Stirrer"], ["Stirrer"]), "as it was")
        lots = early.production_id.lot_producing_ids
        self.assertEqual(self._ask(lots)[0], ["Knife"], "it was not there yet")

    def test_taken_away(self):
        work = self._work(self.vat, "08:00")
        self._move(self.stirrer, self.env["mrp.workcenter"], "10:00")
        self.assertEqual(self._end(work, "11:00")[0], ["Stirrer"])
        self.assertEqual(self._do(self.vat, "12:00", "13:00"), [""])
        self._move(self.stirrer, self.vat, "14:00")
        self.assertEqual(self._do(self.vat, "12:30", "13:30"), [""])
        self.assertEqual(self._do(self.vat, "14:00", "15:00"), ["Stirrer"])

    def test_a_move_during_the_work(self):
        """Both machines are named: one left, the other came."""
        work = self._work(self.vat, "08:00")
        self._move(self.stirrer, self.table, "10:00")
        self._move(self.knife, self.vat, "11:00")
        self.assertEqual(
            self._end(work, "12:00"), (["Stirrer, Knife"], ["Stirrer", "Knife"])
        )

    def test_two_moves_during_the_work(self):
        """A machine that came for a while is named, and so is one that was away."""
        vat, table = self._work(self.vat, "08:00"), self._work(self.table, "08:00")
        self._move(self.stirrer, self.table, "10:00")
        self._move(self.stirrer, self.vat, "11:00")
        self.assertEqual(self._end(vat, "12:00")[0], ["Stirrer"])
        self.assertEqual(self._end(table, "12:00")[0], ["Stirrer, Knife"])
        self.assertEqual(self._do(self.table, "11:00", "12:00"), ["Knife"])

    def test_a_move_while_work_was_interrupted(self):
        """Each time that was worked names its own; the work order names all."""
        work = self._work(self.vat, "08:00")
        self._at("09:00", work.with_user(self.worker).button_pending)
        self._move(self.stirrer, self.table, "10:00")
        self._move(self.knife, self.vat, "11:00")
        self._at("12:00", work.with_user(self.worker).button_start)
        rows, machines = self._end(work, "13:00")
        self.assertEqual(sorted(rows), ["Knife", "Stirrer"])
        self.assertEqual(machines, ["Stirrer", "Knife"])

    def test_running_work(self):
        """Work that is not done yet names what stands there now."""
        work = self._work(self.vat, "08:00")
        trace = self.env["qms.trace"]
        self._move(self.stirrer, self.table, "07:00")
        with freeze_time(f"{DAY} 09:00"):
            self.assertFalse(trace._get_equipment(work.sudo())[work.time_ids])
        self._move(self.stirrer, self.vat, "10:00")
        with freeze_time(f"{DAY} 11:00"):
            self.assertEqual(
                trace._get_equipment(work.sudo())[work.time_ids], self.stirrer
            )

    def test_work_without_times(self):
        """Where no time was logged, the moment of finishing tells."""
        work = self._work(self.vat, "08:00")
        self._move(self.stirrer, self.table, "10:00")
        self._end(work, "11:00")
        work.time_ids.unlink()
        trace = self.env["qms.trace"]
        self.assertFalse(trace._get_equipment(work.sudo())[work])
        work.date_finished = f"{DAY} 09:00:00"
        self.assertEqual(trace._get_equipment(work.sudo())[work], self.stirrer)

    def test_archived(self):
        """What is archived was there until then."""
        self._at("10:00", self.stirrer.action_archive)
        self.assertEqual(self._do(self.vat, "11:00", "12:00"), [""])
        self.assertEqual(self._do(self.vat, "09:00", "10:00"), ["Stirrer"])
        self._at("13:00", self.stirrer.action_unarchive)
        self.assertEqual(self._do(self.vat, "13:00", "14:00"), ["Stirrer"])
        self.assertEqual(self._do(self.vat, "11:00", "12:00"), [""])

    def test_scrapped_and_not_yet_used(self):
        self.assertEqual(self._do(self.vat, "08:00", "09:00"), ["Stirrer"])
        self.stirrer.scrap_date = DAY
        self.assertEqual(self._do(self.vat, "08:00", "09:00"), ["Stirrer"])
        self.stirrer.scrap_date = "2025-03-02"
        self.assertEqual(self._do(self.vat, "08:00", "09:00"), [""])
        self.stirrer.write({"scrap_date": False, "effective_date": "2025-03-04"})
        self.assertEqual(self._do(self.vat, "08:00", "09:00"), [""])

    def test_queries_do_not_grow(self):
        """The places of many work orders are one question, with or without moves."""
        works = [self._work(self.vat, "08:00")]
        self._move(self.stirrer, self.table, "10:00")
        self._move(self.knife, self.vat, "11:00")
        works += [self._work(one, "09:00") for one in (self.vat, self.table) * 5]
        works = self.env["mrp.workorder"].union(*works).sudo()
        counts = []
        for some in (works[0], works[0], works):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["qms.trace"]._get_equipment(some)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(*counts[1:])

    # -- What is kept ------------------------------------------------------------------

    def _get_places(self, machine):
        return [
            (
                place.workcenter_id.name,
                str(place.date_from or "")[11:16],
                str(place.date_to or "")[11:16],
            )
            for place in machine.with_user(self.keeper).qms_place_ids.sorted("id")
        ]

    def test_places_on_the_form(self):
        self._move(self.stirrer, self.table, "10:00")
        self.stirrer.name = "Big Stirrer"
        self.stirrer.qms_workcenter_id = self.table
        self.assertEqual(
            self._get_places(self.stirrer),
            [("Vat", "", "10:00"), ("Table", "10:00", "")],
            "what is no move is not noted",
        )
        with Form(self.stirrer) as form:
            self.assertEqual(form.qms_placed_on, f"{DAY} 10:00:00")
            self.assertEqual(len(form.qms_place_ids), 2)
            with self.assertRaises(AssertionError):  # it is read-only
                form.qms_place_ids.remove(0)
            form.qms_workcenter_id = self.vat
            form.qms_workcenter_id = self.table
        self.assertEqual(
            self._get_places(self.stirrer),
            [("Vat", "", "10:00"), ("Table", "10:00", "")],
            "it was set back before it was saved",
        )
        self.assertFalse(self.stirrer.copy().qms_workcenter_id)

    def test_entered_late(self):
        """A move is entered in the evening, and corrected after that."""
        work = self._work(self.table, "10:30")
        with freeze_time(f"{DAY} 18:00"), Form(self.stirrer) as form:
            form.qms_workcenter_id = self.table
            form.qms_placed_on = f"{DAY} 10:00:00"
        self.assertEqual(
            self._get_places(self.stirrer),
            [("Vat", "", "10:00"), ("Table", "10:00", "")],
        )
        self.assertEqual(self._end(work, "11:00")[0], ["Stirrer, Knife"])
        lot = work.production_id.lot_producing_ids
        with Form(self.stirrer) as form:
            form.qms_placed_on = f"{DAY} 12:00:00"
        self.assertEqual(
            self._get_places(self.stirrer),
            [("Vat", "", "12:00"), ("Table", "12:00", "")],
        )
        self.assertEqual(self._ask(lot)[0], ["Knife"])

    def test_wrong_first_place(self):
        """A slip in the first place is mended: it moves before it was put into use."""
        self.stirrer.write(
            {"qms_workcenter_id": self.table.id, "qms_placed_on": "2019-12-31 00:00:00"}
        )
        self.assertEqual(self._do(self.vat, "08:00", "09:00"), [""])
        self.assertEqual(self._do(self.table, "08:00", "09:00"), ["Stirrer, Knife"])

    def test_impossible_dates(self):
        self._move(self.stirrer, self.table, "10:00")
        for vals, text in (
            (
                {"qms_placed_on": "2999-01-01 00:00:00"},
                "is still to come. Enter a move once it is done.",
            ),
            (
                {
                    "qms_placed_on": f"{DAY} 09:59:59",
                    "qms_workcenter_id": self.vat.id,
                },
                "when it was moved last. Enter a later time.",
            ),
            (
                {"qms_placed_on": False},
                "Stirrer stood elsewhere before: say since when it stands at its work"
                " center.",
            ),
        ):
            with self.subTest(vals), self.assertRaises(UserError) as refusal:
                self.stirrer.write(vals)
            self.assertIn(text, str(refusal.exception))
            self.assertIn("Stirrer", str(refusal.exception))
        self._move(self.stirrer, self.vat, "12:00")
        with self.assertRaises(UserError):
            self.stirrer.qms_placed_on = f"{DAY} 09:00:00"
        with self.assertRaises(UserError):
            self._place("Press", self.vat, qms_placed_on="2999-01-01 00:00:00")

    def test_what_is_no_place(self):
        """What other programs send is refused in words."""
        machines = self.env["maintenance.equipment"].with_user(self.keeper)
        for name, value, text in (
            ("qms_placed_on", "noon", "There Since: noon isn't a date and time"),
            ("qms_placed_on", True, "There Since: True isn't a date and time"),
            ("qms_workcenter_id", "Vat", "Work Center: Vat isn't the id of a record."),
            ("qms_workcenter_id", [4], "Work Center: [4] isn't the id of a record."),
        ):
            for call in (
                lambda vals: machines.create({"name": "Press", **vals}),
                self.stirrer.write,
            ):
                with self.subTest(name=name, value=value, call=call):
                    with self.assertRaises(ValidationError) as refusal:
                        call({name: value})
                    self.assertIn(text, str(refusal.exception))
        self.assertEqual(self._get_places(self.stirrer), [("Vat", "", "")])

    def test_equipment_from_before(self):
        """Where it stands is noted when the addon is updated, once."""
        self.env.cr.execute(
            "DELETE FROM qms_equipment_place WHERE equipment_id IN %s",
            [(self.stirrer.id, self.knife.id)],
        )
        self.env.cr.execute(
            "UPDATE maintenance_equipment SET active = false WHERE id = %s",
            [self.knife.id],
        )
        self.env.invalidate_all()
        self.assertEqual(self._do(self.vat, "08:00", "09:00"), [""])
        for _time in range(2):
            self.env["maintenance.equipment"]._qms_note_present_places()
            self.assertEqual(self._get_places(self.stirrer), [("Vat", "", "")])
            self.assertEqual(self._get_places(self.knife), [("Table", "", "")])
        self.assertEqual(self._do(self.vat, "08:00", "09:00"), ["Stirrer"])

    def test_what_stood_somewhere_is_not_deleted(self):
        with self.assertRaises(UserError) as refusal:
            self.stirrer.unlink()
        self.assertEqual(
            str(refusal.exception),
            "Stirrer: batch records name what stood at a work center. Archive it"
            " instead.",
        )
        spare = self.env["maintenance.equipment"].with_user(self.keeper)
        spare.create({"name": "Spare"}).unlink()

    # -- Rights ------------------------------------------------------------------------

    def test_who_reads(self):
        """Who may read equipment, and nobody else; nor does another company."""
        places = self.env["qms.equipment.place"]
        mine = [("equipment_id", "=", self.stirrer.id)]
        self.assertTrue(places.with_user(self.keeper).search(mine))
        self.assertFalse(places.with_user(self.worker).search(mine))
        with self.assertRaises(AccessError):
            self.stirrer.sudo().qms_place_ids.with_user(self.worker).read(["date_to"])
        self.stirrer.message_subscribe(self.worker.partner_id.ids)
        self.assertTrue(places.with_user(self.worker).search(mine))
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._make_user("qms_other", "maintenance.group_equipment_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        self.assertFalse(places.with_user(stranger).search(mine))
        self.stirrer.sudo().active = False
        self.assertTrue(places.with_user(self.keeper).search(mine), "archived, too")

    def test_nobody_forges_places(self):
        place = self.stirrer.qms_place_ids
        forged = {"qms_sentinel": True, "default_date_from": "2001-01-01 00:00:00"}
        vals = {"equipment_id": self.stirrer.id, "workcenter_id": self.table.id}
        late = {"date_to": "2025-01-01 00:00:00"}
        for user in (self.keeper, self.worker, self.env.ref("base.user_admin")):
            own = place.with_user(user).with_context(**forged)
            machine = self.stirrer.with_user(user).with_context(**forged)
            for number, call in enumerate(
                (
                    lambda own=own: own.create(vals),
                    lambda own=own: own.write(late),
                    lambda own=own: own.unlink(),
                    lambda machine=machine: machine.write(
                        {"qms_place_ids": [(0, 0, vals)]}
                    ),
                    lambda machine=machine: machine.write(
                        {"qms_place_ids": [(1, place.id, late)]}
                    ),
                    lambda machine=machine: machine.write(
                        {"qms_place_ids": [(2, place.id)]}
                    ),
                )
            ):
                with self.subTest(user=user.login, number=number):
                    with self.assertRaises(AccessError):
                        call()
        with self.assertRaises(AccessError):
            place.sudo().write(late)
        with self.assertRaises(AccessError):
            self.stirrer.with_user(self.worker).write(
                {"qms_workcenter_id": self.table.id}
            )
        self.assertEqual(self._get_places(self.stirrer), [("Vat", "", "")])
