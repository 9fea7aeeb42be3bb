from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo.tools import mute_logger

from .common import QmsCase

QRS_ADMINISTRATOR = "qms_quality.group_qrs_administrator"


class AttributeCase(QmsCase):
    """Small factories for attributes and their values.

    ``cls.origin`` is the delivered country, ``cls.fat`` a percentage of 0 to 20 with a
    unit, ``cls.grade`` A, B or C. ``cls.administrator`` keeps them.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = cls._make_user("qrs_administrator", QRS_ADMINISTRATOR)
        cls.origin = cls.env.ref("qms_quality.attribute_origin")
        cls.new_zealand = cls.env.ref("base.nz")
        cls.chile = cls.env.ref("base.cl")
        cls.percent = cls.env["uom.uom"].create({"name": "%", "relative_factor": 1})
        cls.fat = cls._make_attribute(
            "Fat content",
            "decimal",
            uom_id=cls.percent.id,
            has_range=True,
            minimum=0,
            maximum=20,
        )
        cls.grade = cls._make_attribute(
            "Quality grade",
            "option",
            option_ids=[(0, 0, {"name": name}) for name in "ABC"],
        )
        cls.grade_a, cls.grade_b, cls.grade_c = cls.grade.option_ids
        cls.germs = cls._make_attribute("Germs", "integer")
        cls.organic = cls._make_attribute("Organic", "boolean")
        cls.harvest = cls._make_attribute("Harvest", "date")
        cls.remark = cls._make_attribute("Remark", "text")
        cls.lot = cls._make_lot("L-1")

    @classmethod
    def _make_attribute(cls, name, kind, **vals):
        return cls.env["qms.attribute"].create({"name": name, "type": kind, **vals})

    @classmethod
    def _record(cls, lot, values, source="hand"):
        """Record ``{attribute: value}`` of a lot; return the rows."""
        return cls.env["qms.lot.attribute"]._qms_record(
            [
                {
                    "lot_id": lot.id,
                    "attribute_id": attribute.id,
                    "value": value,
                    "source": source,
                }
                for attribute, value in values.items()
            ]
        )

    @classmethod
    def _read(cls, lot):
        """Return what is recorded of a lot, ``{attribute: text}``."""
        return {row.attribute_id: row.value for row in lot.qms_attribute_ids}

    @contextmanager
    def _refused(self, error, text):
        """Check that what is done inside is refused, saying ``text``."""
        with self.assertRaises(error) as caught, self.env.cr.savepoint():
            yield
            self.env.flush_all()
        self.assertIn(text, caught.exception.args[0])

    @contextmanager
    def _refused_by_database(self, name):
        """Check that a constraint refuses, which clients get as its message."""
        with (
            mute_logger("odoo.sql_db"),
            self.assertRaises(IntegrityError) as caught,
            self.env.cr.savepoint(),
        ):
            yield
            self.env.flush_all()
        self.assertEqual(caught.exception.diag.constraint_name, name)
