"""The tables of a PostgreSQL database, and the triggers that note each change.

Here: their SQL. Not here: reading what they note (`_postgresql.py`).
Spec: https://www.postgresql.org/docs/current/plpgsql-trigger.html
"""

from __future__ import annotations

from typing import Final

from ._store import MAX_ORIGIN, MAX_TENANT, Connection

#: What followers listen to; the notification itself says nothing, since several in one transaction
#: are one then.
CHANNEL: Final = "corsac_origins"

# Whoever creates at the same time waits, since IF NOT EXISTS alone can fail then.
_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtext('corsac_origins'), 0)"
_SCHEMA: Final = "SELECT quote_ident(current_schema())"
_TABLES: Final = (
    # Sorted by bytes, whatever the database's own order of letters.
    f"""CREATE TABLE IF NOT EXISTS SCHEMA.corsac_origins (
        tenant text COLLATE "C" NOT NULL CHECK (length(tenant) BETWEEN 1 AND {MAX_TENANT}),
        origin text COLLATE "C" NOT NULL CHECK (length(origin) BETWEEN 1 AND {MAX_ORIGIN}),
        PRIMARY KEY (tenant, origin)
    )""",
    # One row for each tenant that ever changed, and one more for each transaction that changed it
    # at the same time. No key: writers would wait for each other, and could deadlock.
    """CREATE TABLE IF NOT EXISTS SCHEMA.corsac_changes (
        tenant text COLLATE "C" NOT NULL,
        txid bigint NOT NULL
    )""",
    "CREATE INDEX IF NOT EXISTS corsac_changes_tenant ON SCHEMA.corsac_changes (tenant)",
    "CREATE INDEX IF NOT EXISTS corsac_changes_txid ON SCHEMA.corsac_changes (txid)",
)
# It runs with the rights of whoever made it, so that a writer needs none on corsac_changes.
# https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY
_FUNCTION: Final = f"""CREATE OR REPLACE FUNCTION SCHEMA.corsac_note_changes() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    DECLARE
        changed text[];
    BEGIN
        IF TG_OP = 'INSERT' THEN
            SELECT array_agg(DISTINCT tenant) INTO changed FROM new_rows;
        ELSIF TG_OP = 'DELETE' THEN
            SELECT array_agg(DISTINCT tenant) INTO changed FROM old_rows;
        ELSIF TG_OP = 'UPDATE' THEN
            SELECT array_agg(tenant) INTO changed
            FROM (SELECT tenant FROM old_rows UNION SELECT tenant FROM new_rows) AS both_rows;
        ELSE
            SELECT array_agg(DISTINCT tenant) INTO changed FROM SCHEMA.corsac_origins;
        END IF;
        IF changed IS NOT NULL THEN
            -- Rows that another transaction replaces at this moment stay beside this one's.
            DELETE FROM SCHEMA.corsac_changes WHERE ctid = ANY (ARRAY(
                SELECT ctid FROM SCHEMA.corsac_changes
                WHERE tenant = ANY (changed) FOR UPDATE SKIP LOCKED
            ));
            INSERT INTO SCHEMA.corsac_changes (tenant, txid)
                SELECT tenant, txid_current() FROM unnest(changed) AS tenant;
            PERFORM pg_notify('{CHANNEL}', '');
        END IF;
        RETURN NULL;
    END
    $body$"""
# For each statement, not each row: a copy of many rows notes each tenant once.
_TRIGGERS: Final = {
    "insert": "AFTER INSERT ON {} REFERENCING NEW TABLE AS new_rows",
    "update": "AFTER UPDATE ON {} REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows",
    "delete": "AFTER DELETE ON {} REFERENCING OLD TABLE AS old_rows",
    "truncate": "BEFORE TRUNCATE ON {}",
}
_PRESENT: Final = """SELECT tgname::text FROM pg_trigger
    WHERE tgrelid = $1::text::regclass AND NOT tgisinternal"""


def create_tables(connection: Connection) -> None:
    """Make what is missing in the first schema of the `search_path`."""
    list(connection.fetch(_LOCK))
    ((schema,),) = connection.fetch(_SCHEMA)
    if schema is None:
        raise ValueError(
            "the search_path of the database names no schema that exists; create one, or write "
            '"?options=-csearch_path%3Dpublic" at the end of the dsn'
        )

    def spell(sql: str) -> str:
        return sql.replace("SCHEMA", schema)

    for statement in (*_TABLES, _FUNCTION):
        connection.execute(spell(statement))
    table = spell("SCHEMA.corsac_origins")
    present = {name for (name,) in connection.fetch(_PRESENT, table)}
    for event, clause in _TRIGGERS.items():
        name = f"corsac_origins_{event}"
        if name not in present:
            connection.execute(
                f"CREATE TRIGGER {name} {clause.format(table)} FOR EACH STATEMENT "
                f"EXECUTE FUNCTION {spell('SCHEMA.corsac_note_changes')}()"
            )
