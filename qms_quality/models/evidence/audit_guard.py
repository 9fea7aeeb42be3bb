"""What the database itself refuses: to change the trail, or to cut it off.

The table's owner could drop this again. The seals that leave the database show it.
"""

from odoo.tools import SQL

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION qms_audit_entry_guard() RETURNS trigger AS $$
DECLARE
    covered boolean := false;
BEGIN
    IF TG_OP = 'DELETE' AND to_regclass(
        format('%I.qms_audit_purge_line', TG_TABLE_SCHEMA)) IS NOT NULL
    THEN
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM %I.qms_audit_purge_line WHERE res_model = $1'
            ' AND res_id = $2 AND seq >= $3 AND sealed)', TG_TABLE_SCHEMA)
        INTO covered USING OLD.res_model, OLD.res_id, OLD.seq;
    END IF;
    IF covered THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'The audit trail is append-only: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION qms_audit_head_guard() RETURNS trigger AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF NEW.res_model = OLD.res_model AND NEW.res_id = OLD.res_id
            AND NEW.seq >= OLD.seq
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'The end of an audit trail only moves on: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;
"""


def install(cr, table):
    """Put the triggers on a table of the trail; replaces those that are there."""
    cr.execute(_FUNCTIONS)
    for name, events, level in (
        ("rows", "UPDATE OR DELETE", "ROW"),
        ("truncate", "TRUNCATE", "STATEMENT"),
    ):
        names = {
            "table": SQL.identifier(table),
            "trigger": SQL.identifier(f"{table}_{name}"),
            "function": SQL.identifier(f"{table}_guard"),
            "events": SQL(events),
            "level": SQL(level),
        }
        cr.execute(SQL("DROP TRIGGER IF EXISTS %(trigger)s ON %(table)s", **names))
        cr.execute(
            SQL(
                "CREATE TRIGGER %(trigger)s BEFORE %(events)s ON %(table)s"
                " FOR EACH %(level)s EXECUTE FUNCTION %(function)s()",
                **names,
            )
        )
        # also where a session calls itself a replica
        cr.execute(
            SQL("ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER %(trigger)s", **names)
        )
