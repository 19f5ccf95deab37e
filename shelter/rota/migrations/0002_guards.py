"""What only the database can promise: nobody stands in two places at once; what was published and changed stays."""

from django.db import migrations

POSTGRESQL = """
CREATE EXTENSION IF NOT EXISTS btree_gist;
ALTER TABLE rota_assignment ADD CONSTRAINT nobody_has_two_shifts_at_once
    EXCLUDE USING gist (person_id WITH =, tstzrange(start, "end") WITH &&) WHERE (stands);
CREATE FUNCTION foyer_published_plan_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT 1 FROM rota_plan WHERE id = OLD.plan_id AND state IN ('published', 'replaced'))
       AND (TG_OP = 'DELETE'
            OR (NEW.plan_id, NEW.shift_id, NEW.skill_id, NEW.person_id, NEW.start, NEW."end")
               IS DISTINCT FROM (OLD.plan_id, OLD.shift_id, OLD.skill_id, OLD.person_id, OLD.start, OLD."end"))
    THEN
        RAISE EXCEPTION 'published_plan_is_fixed'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'published_plan_is_fixed';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER published_plan_is_fixed BEFORE UPDATE OR DELETE ON rota_assignment
    FOR EACH ROW EXECUTE FUNCTION foyer_published_plan_is_fixed();
CREATE FUNCTION foyer_change_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'change_is_kept' USING ERRCODE = 'check_violation', CONSTRAINT = 'change_is_kept';
END $$;
CREATE TRIGGER change_is_kept BEFORE UPDATE OR DELETE ON rota_change
    FOR EACH ROW EXECUTE FUNCTION foyer_change_is_kept();
"""
POSTGRESQL_UNDO = """
DROP TRIGGER change_is_kept ON rota_change;
DROP FUNCTION foyer_change_is_kept();
DROP TRIGGER published_plan_is_fixed ON rota_assignment;
DROP FUNCTION foyer_published_plan_is_fixed();
ALTER TABLE rota_assignment DROP CONSTRAINT nobody_has_two_shifts_at_once;
"""
FIXED = "(SELECT state FROM rota_plan WHERE id = OLD.plan_id) IN ('published', 'replaced')"
MOVED = " OR ".join(
    f'NEW."{column}" IS NOT OLD."{column}"'
    for column in ("plan_id", "shift_id", "skill_id", "person_id", "start", "end")
)
AT_ONCE = (
    "WHEN NEW.stands AND EXISTS (SELECT 1 FROM rota_assignment other WHERE other.stands AND other.id IS NOT NEW.id "
    'AND other.person_id = NEW.person_id AND other.start < NEW."end" AND NEW.start < other."end")'
)
SQLITE = {
    "assignment_at_once_insert": (f"BEFORE INSERT ON rota_assignment {AT_ONCE}", "nobody_has_two_shifts_at_once"),
    "assignment_at_once_update": (f"BEFORE UPDATE ON rota_assignment {AT_ONCE}", "nobody_has_two_shifts_at_once"),
    "published_plan_is_fixed_update": (
        f"BEFORE UPDATE ON rota_assignment WHEN {FIXED} AND ({MOVED})", "published_plan_is_fixed"
    ),
    "published_plan_is_fixed_delete": (
        f"BEFORE DELETE ON rota_assignment WHEN {FIXED}", "published_plan_is_fixed"
    ),
    "change_is_kept_update": ("BEFORE UPDATE ON rota_change", "change_is_kept"),
    "change_is_kept_delete": ("BEFORE DELETE ON rota_change", "change_is_kept"),
}


def put_up(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for name, (when, broken) in SQLITE.items():
        schema_editor.execute(f"CREATE TRIGGER rota_{name} {when} BEGIN SELECT RAISE(ABORT, '{broken}'); END")


def take_down(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_UNDO)
        return
    for name in SQLITE:
        schema_editor.execute(f"DROP TRIGGER rota_{name}")


class Migration(migrations.Migration):
    dependencies = [("rota", "0001_first"), ("shelter", "0007_plan_before")]
    operations = [migrations.RunPython(put_up, take_down, elidable=False)]
