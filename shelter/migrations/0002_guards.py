"""What only the database can promise: a sealed night stays as it is, the log is never rewritten."""

from django.db import migrations

SEALED_TABLES = {
    "shelter_bednight": "night_id",
    "shelter_registration": "night_id",
    "shelter_refusal": "night_id",
}

POSTGRESQL_FUNCTIONS = """
CREATE FUNCTION foyer_night_is_sealed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE touched bigint[];
BEGIN
    touched := CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.night_id]
        WHEN 'DELETE' THEN ARRAY[OLD.night_id]
        ELSE ARRAY[OLD.night_id, NEW.night_id] END;
    IF EXISTS (SELECT 1 FROM shelter_night WHERE id = ANY(touched) AND state = 'definitive') THEN
        RAISE EXCEPTION 'night_is_sealed' USING ERRCODE = 'check_violation', CONSTRAINT = 'night_is_sealed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION foyer_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'log_is_append_only'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'log_is_append_only';
END $$;
CREATE TRIGGER log_is_append_only BEFORE UPDATE OR DELETE ON shelter_logentry
    FOR EACH ROW EXECUTE FUNCTION foyer_log_is_append_only();
"""

POSTGRESQL_UNDO = """
DROP TRIGGER log_is_append_only ON shelter_logentry;
DROP FUNCTION foyer_log_is_append_only();
DROP FUNCTION foyer_night_is_sealed();
"""


def put_up(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_FUNCTIONS)
        for table in SEALED_TABLES:
            schema_editor.execute(
                f"CREATE TRIGGER night_is_sealed BEFORE INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION foyer_night_is_sealed()"
            )
        return
    for table, column in SEALED_TABLES.items():
        for verb, touched in (("INSERT", ("NEW",)), ("DELETE", ("OLD",)), ("UPDATE", ("OLD", "NEW"))):
            ids = ", ".join(f"{row}.{column}" for row in touched)
            schema_editor.execute(
                f"CREATE TRIGGER {table}_sealed_{verb.lower()} BEFORE {verb} ON {table} "
                f"WHEN EXISTS (SELECT 1 FROM shelter_night WHERE id IN ({ids}) AND state = 'definitive') "
                "BEGIN SELECT RAISE(ABORT, 'night_is_sealed'); END"
            )
    for verb in ("UPDATE", "DELETE"):
        schema_editor.execute(
            f"CREATE TRIGGER log_is_append_only_{verb.lower()} BEFORE {verb} ON shelter_logentry "
            "BEGIN SELECT RAISE(ABORT, 'log_is_append_only'); END"
        )


def take_down(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for table in SEALED_TABLES:
            schema_editor.execute(f"DROP TRIGGER night_is_sealed ON {table}")
        schema_editor.execute(POSTGRESQL_UNDO)
        return
    for table in SEALED_TABLES:
        for verb in ("insert", "delete", "update"):
            schema_editor.execute(f"DROP TRIGGER {table}_sealed_{verb}")
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER log_is_append_only_{verb}")


class Migration(migrations.Migration):
    dependencies = [("shelter", "0001_first")]
    operations = [migrations.RunPython(put_up, take_down, elidable=False)]
