"""What the database itself refuses about seals and purges.

Who owns the tables could drop this, or add a seal and a purge of his own. What he can't
do is put them into the seals that have left the database.
"""

from odoo.tools import SQL

_FUNCTIONS = """
CREATE OR REPLACE FUNCTION qms_append_only_guard() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION '%: append-only, % is refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;

-- A line of a purge is bound to a seal before that one is delivered, and lets entries
-- be deleted afterwards. It never changes otherwise.
CREATE OR REPLACE FUNCTION qms_audit_purge_line_guard() RETURNS trigger AS $$
DECLARE
    delivered boolean;
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.seal_id IS NULL AND NOT coalesce(NEW.sealed, false)
            AND NOT coalesce(NEW.purged, false)
        THEN
            RETURN NEW;
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        EXECUTE format(
            'SELECT EXISTS (SELECT FROM %I.qms_audit_seal_delivery'
            ' WHERE seal_id = $1 AND state = ''done'')', TG_TABLE_SCHEMA)
        INTO delivered USING NEW.seal_id;
        IF ROW(NEW.purge_id, NEW.res_model, NEW.res_id, NEW.seq, NEW.hash)
                IS NOT DISTINCT FROM
                ROW(OLD.purge_id, OLD.res_model, OLD.res_id, OLD.seq, OLD.hash)
            AND (NEW.seal_id IS NOT DISTINCT FROM OLD.seal_id
                 OR (OLD.seal_id IS NULL AND NOT delivered))
            AND (NEW.sealed IS NOT DISTINCT FROM OLD.sealed
                 OR (NEW.sealed AND delivered))
            AND (NEW.purged IS NOT DISTINCT FROM OLD.purged
                 OR (NEW.purged AND NEW.sealed))
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'What a purge covers is set by sealing it: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation';
END $$ LANGUAGE plpgsql;
"""


def install(cr, table, rows="UPDATE OR DELETE", function="qms_append_only_guard"):
    """Put the triggers on a table; replaces those that are there.

    :param str rows: what is guarded row by row
    :param str function: by which function
    """
    cr.execute(_FUNCTIONS)
    _create(cr, table, "rows", f"BEFORE {rows}", "ROW", function)
    _create(cr, table, "truncate", "BEFORE TRUNCATE", "STATEMENT")


def _create(cr, table, name, events, level, function="qms_append_only_guard"):
    names = {
        "table": SQL.identifier(table),
        "trigger": SQL.identifier(f"{table}_{name}"),
        "function": SQL.identifier(function),
        "events": SQL(events),
        "level": SQL(level),
    }
    cr.execute(
        SQL(
            """CREATE OR REPLACE TRIGGER %(trigger)s %(events)s ON %(table)s
               FOR EACH %(level)s EXECUTE FUNCTION %(function)s()""",
            **names,
        )
    )
    # also where a session calls itself a replica
    cr.execute(SQL("ALTER TABLE %(table)s ENABLE ALWAYS TRIGGER %(trigger)s", **names))
