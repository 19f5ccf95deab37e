"""Plans of a whole night, kept as they were proposed, and their settings."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shelter', '0005_draw'),
    ]

    operations = [
        migrations.CreateModel(
            name='BedPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_at', models.DateTimeField()),
                ('as_of', models.PositiveBigIntegerField()),
                ('objective', models.BigIntegerField()),
                ('bound', models.BigIntegerField()),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PlannedBed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveIntegerField()),
                ('is_pinned', models.BooleanField(default=False)),
                ('reasons', models.JSONField(default=list)),
                ('change', models.JSONField(blank=True, null=True)),
                ('accepted_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['position'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='setting',
            name='setting_has_a_known_key',
        ),
        migrations.AddConstraint(
            model_name='setting',
            constraint=models.CheckConstraint(condition=models.Q(('key__in', ['registration_from', 'registration_until', 'list_cutoff', 'doors_open', 'supper', 'hold_release', 'quiet_from', 'last_arrival', 'wake_up', 'everybody_out', 'bus', 'open_places', 'occupancy_alert', 'occupancy_critical', 'nights_without_proof', 'cold_nights_count', 'cold_suspends', 'exclusion_alone_nights', 'round_evening', 'round_census', 'unclaimed_days', 'age_bands', 'nights_until_stay_ends', 'retention_months', 'line', 'line_in_the_cold', 'older_from', 'wish_same_bed', 'wish_same_dormitory', 'wish_lower_bed', 'wish_step_free', 'wish_older_lower', 'wish_quiet', 'wish_lower_spared', 'wish_step_free_spared', 'wish_closed_dormitory', 'wish_spare_place'])), name='setting_has_a_known_key'),
        ),
        migrations.AddField(
            model_name='bedplan',
            name='made_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='bedplan',
            name='night',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bed_plans', to='shelter.night'),
        ),
        migrations.AddField(
            model_name='plannedbed',
            name='bed',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.bed'),
        ),
        migrations.AddField(
            model_name='plannedbed',
            name='occupant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.occupant'),
        ),
        migrations.AddField(
            model_name='plannedbed',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='shelter.bedplan'),
        ),
        migrations.AddConstraint(
            model_name='bedplan',
            constraint=models.CheckConstraint(condition=models.Q(('objective__lte', models.F('bound'))), name='no_plan_is_better_than_its_bound'),
        ),
        migrations.AddConstraint(
            model_name='plannedbed',
            constraint=models.UniqueConstraint(fields=('plan', 'occupant'), name='one_line_per_person_and_plan'),
        ),
        migrations.AddConstraint(
            model_name='plannedbed',
            constraint=models.UniqueConstraint(fields=('plan', 'bed'), name='one_person_per_bed_and_plan'),
        ),
    ]
