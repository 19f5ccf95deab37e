"""The fair draw: one a night, with what only the database can promise about it."""

import django.db.models.deletion
from django.db import migrations, models


POSTGRESQL = """
CREATE FUNCTION foyer_draw_is_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR (NEW.night_id, NEW.seed, NEW.digest) <> (OLD.night_id, OLD.seed, OLD.digest)
       OR (OLD.drawn_at IS NOT NULL AND (NEW.drawn_at, NEW.line) IS DISTINCT FROM (OLD.drawn_at, OLD.line)) THEN
        RAISE EXCEPTION 'draw_is_fixed' USING ERRCODE = 'check_violation', CONSTRAINT = 'draw_is_fixed';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER draw_is_fixed BEFORE UPDATE OR DELETE ON shelter_draw
    FOR EACH ROW EXECUTE FUNCTION foyer_draw_is_fixed();
"""
CHANGED = (
    "NEW.night_id <> OLD.night_id OR NEW.seed <> OLD.seed OR NEW.digest <> OLD.digest OR (OLD.drawn_at IS NOT NULL "
    "AND (NEW.drawn_at IS NOT OLD.drawn_at OR NEW.line IS NOT OLD.line))"
)


def put_up(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL)
        return
    for verb, when in (("UPDATE", f"WHEN {CHANGED}"), ("DELETE", "")):
        schema_editor.execute(
            f"CREATE TRIGGER draw_is_fixed_{verb.lower()} BEFORE {verb} ON shelter_draw {when} "
            "BEGIN SELECT RAISE(ABORT, 'draw_is_fixed'); END"
        )


def take_down(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP TRIGGER draw_is_fixed ON shelter_draw; DROP FUNCTION foyer_draw_is_fixed();")
        return
    for verb in ("update", "delete"):
        schema_editor.execute(f"DROP TRIGGER draw_is_fixed_{verb}")


class Migration(migrations.Migration):

    dependencies = [
        ('shelter', '0004_admission_and_watch'),
    ]

    operations = [
        migrations.CreateModel(
            name='Draw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
                ('fixed_at', models.DateTimeField()),
                ('drawn_at', models.DateTimeField(blank=True, null=True)),
                ('line', models.JSONField(blank=True, null=True)),
                ('night', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='draw', to='shelter.night')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('drawn_at__isnull', True), ('line__isnull', True)), models.Q(('drawn_at__isnull', False), ('line__isnull', False)), _connector='OR'), name='a_draw_has_a_line')],
            },
        ),
        migrations.RunPython(put_up, take_down, elidable=False),
    ]
