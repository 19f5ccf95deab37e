"""Who may sleep here and next to whom, merges, beds kept for services, rounds, outings, roll calls."""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


guards = import_module("shelter.migrations.0002_guards")


class Migration(migrations.Migration):

    dependencies = [
        ('shelter', '0003_published_totals'),
    ]

    # SQLite makes a table anew when a column is added, and its triggers go with the old one.
    operations = [
        migrations.RunPython(guards.take_down, guards.put_up),
        migrations.CreateModel(
            name='ColdDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('admitted', models.BooleanField(verbose_name='let in all the same')),
                ('risk_note', models.CharField(max_length=300, verbose_name='risk, and what is done about it')),
                ('decided_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ColdSpell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first_night', models.DateField(verbose_name='from the night of')),
                ('last_night', models.DateField(verbose_name='until the night of')),
                ('forecast', models.SmallIntegerField(blank=True, null=True, verbose_name='lowest temperature forecast (°C)')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='reason')),
                ('declared_at', models.DateTimeField()),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['first_night', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Exclusion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('violence', 'violence'), ('threat', 'threats'), ('weapon', 'weapon'), ('theft', 'theft'), ('dealing', 'dealing'), ('damage', 'damage'), ('rules', 'house rules broken again and again')], max_length=10, verbose_name='category')),
                ('first_night', models.DateField(verbose_name='from the night of')),
                ('last_night', models.DateField(verbose_name='until the night of')),
                ('review_on', models.DateField(blank=True, null=True, verbose_name='to be reviewed on')),
                ('notice_in', models.CharField(blank=True, choices=[('', 'not yet told'), ('fr', 'français'), ('de', 'Deutsch'), ('lb', 'Lëtzebuergesch'), ('en', 'English'), ('pt', 'português'), ('ro', 'română'), ('pl', 'polski'), ('ar', 'العربية')], default='', max_length=2, verbose_name='the person was told in')),
                ('advice', models.CharField(blank=True, max_length=200, verbose_name='what to do at the door')),
                ('decided_at', models.DateTimeField()),
                ('lifted_at', models.DateTimeField(blank=True, null=True)),
                ('lifted_because', models.CharField(blank=True, max_length=300)),
            ],
            options={
                'ordering': ['-first_night', '-id'],
            },
        ),
        migrations.CreateModel(
            name='KeepApart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Merge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merged_at', models.DateTimeField()),
                ('undone_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Outing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('smoke', 'smoke or fresh air'), ('work', 'work'), ('hospital', 'hospital'), ('other', 'something else')], max_length=8)),
                ('out_at', models.DateTimeField()),
                ('expected_at', models.DateTimeField(blank=True, null=True, verbose_name='back by')),
                ('back_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['out_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Proof',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('housing', 'lease or registration with a commune'), ('work', 'work or training'), ('service', 'letter of a social service'), ('health', 'health insurance or care'), ('nights', 'nights in shelters of the country'), ('other', 'another proof')], max_length=8, verbose_name='kind of proof')),
                ('accepted', models.BooleanField(verbose_name='accepted')),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['-seen_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='RollCall',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='RollCallMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Round',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('evening', 'evening round'), ('census', 'night round, the count for reports')], max_length=8)),
                ('started_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(blank=True, null=True)),
                ('counted', models.PositiveIntegerField(blank=True, null=True, verbose_name='people counted')),
            ],
            options={
                'ordering': ['started_at', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RoundMark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen', models.CharField(choices=[('empty', 'empty'), ('there', 'there'), ('other', 'someone else')], max_length=6)),
                ('seen_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['bed__label'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='setting',
            name='setting_has_a_known_key',
        ),
        migrations.AddField(
            model_name='bednight',
            name='kept_for',
            field=models.CharField(blank=True, choices=[('first_call', 'Premier Appel'), ('police', 'police'), ('hospital', 'hospital'), ('streetwork', 'streetwork')], default='', max_length=10, verbose_name='kept for'),
        ),
        migrations.AddField(
            model_name='occupant',
            name='same_as',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='aliases', to='shelter.occupant'),
        ),
        migrations.AddField(
            model_name='refusal',
            name='asked_before',
            field=models.BooleanField(default=False, verbose_name='was counted tonight already'),
        ),
        migrations.AddField(
            model_name='refusal',
            name='outcome',
            field=models.CharField(choices=[('arrived', 'arrived there'), ('not_arrived', 'did not arrive'), ('unknown', 'not known')], default='unknown', max_length=12, verbose_name='and then'),
        ),
        migrations.AddField(
            model_name='refusal',
            name='seen_age',
            field=models.CharField(blank=True, choices=[('minor', 'under 18'), ('young', '18 to 25'), ('middle', '26 to 45'), ('older', '46 to 65'), ('old', 'over 65')], default='', max_length=8, verbose_name='age as seen'),
        ),
        migrations.AddField(
            model_name='refusal',
            name='seen_sex',
            field=models.CharField(blank=True, choices=[('woman', 'woman'), ('man', 'man'), ('unknown', 'not known')], default='', max_length=8, verbose_name='as seen'),
        ),
        migrations.AlterField(
            model_name='refusal',
            name='description',
            field=models.CharField(blank=True, max_length=80, verbose_name='in a few words'),
        ),
        migrations.AddConstraint(
            model_name='setting',
            constraint=models.CheckConstraint(condition=models.Q(('key__in', ['registration_from', 'registration_until', 'list_cutoff', 'doors_open', 'supper', 'hold_release', 'quiet_from', 'last_arrival', 'wake_up', 'everybody_out', 'bus', 'open_places', 'occupancy_alert', 'occupancy_critical', 'nights_without_proof', 'cold_nights_count', 'cold_suspends', 'exclusion_alone_nights', 'round_evening', 'round_census', 'unclaimed_days', 'age_bands', 'nights_until_stay_ends', 'retention_months'])), name='setting_has_a_known_key'),
        ),
        migrations.AddField(
            model_name='colddecision',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='coldspell',
            name='declared_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='colddecision',
            name='cold_spell',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='shelter.coldspell'),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='lifted_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='occupant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='exclusions', to='shelter.occupant'),
        ),
        migrations.AddField(
            model_name='exclusion',
            name='seconded_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='colddecision',
            name='exclusion',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cold_decisions', to='shelter.exclusion'),
        ),
        migrations.AddField(
            model_name='keepapart',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='keepapart',
            name='ended_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='keepapart',
            name='first',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.occupant'),
        ),
        migrations.AddField(
            model_name='keepapart',
            name='second',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.occupant'),
        ),
        migrations.AddField(
            model_name='merge',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='merge',
            name='gone',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_by', to='shelter.occupant'),
        ),
        migrations.AddField(
            model_name='merge',
            name='kept',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merges', to='shelter.occupant'),
        ),
        migrations.AddField(
            model_name='merge',
            name='undone_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='outing',
            name='bed_night',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outings', to='shelter.bednight'),
        ),
        migrations.AddField(
            model_name='proof',
            name='occupant',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proofs', to='shelter.occupant'),
        ),
        migrations.AddField(
            model_name='proof',
            name='season',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.season'),
        ),
        migrations.AddField(
            model_name='proof',
            name='seen_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rollcall',
            name='night',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='roll_calls', to='shelter.night'),
        ),
        migrations.AddField(
            model_name='rollcall',
            name='started_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='rollcallmark',
            name='bed_night',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.bednight'),
        ),
        migrations.AddField(
            model_name='rollcallmark',
            name='roll_call',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='shelter.rollcall'),
        ),
        migrations.AddField(
            model_name='rollcallmark',
            name='seen_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='round',
            name='closed_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='round',
            name='night',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rounds', to='shelter.night'),
        ),
        migrations.AddField(
            model_name='round',
            name='started_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='roundmark',
            name='bed',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.bed'),
        ),
        migrations.AddField(
            model_name='roundmark',
            name='expected',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.bednight'),
        ),
        migrations.AddField(
            model_name='roundmark',
            name='round',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='shelter.round'),
        ),
        migrations.AddField(
            model_name='roundmark',
            name='seen_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='coldspell',
            constraint=models.CheckConstraint(condition=models.Q(('last_night__gte', models.F('first_night'))), name='cold_spell_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(('last_night__gte', models.F('first_night'))), name='exclusion_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(('seconded_by__isnull', True), models.Q(('seconded_by', models.F('decided_by')), _negated=True), _connector='OR'), name='exclusion_is_seconded_by_somebody_else'),
        ),
        migrations.AddConstraint(
            model_name='exclusion',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('lifted_at__isnull', True), ('lifted_because', '')), models.Q(('lifted_at__isnull', False), models.Q(('lifted_because', ''), _negated=True)), _connector='OR'), name='exclusion_is_lifted_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='colddecision',
            constraint=models.CheckConstraint(condition=models.Q(('risk_note', ''), _negated=True), name='cold_decision_weighs_the_risk'),
        ),
        migrations.AddConstraint(
            model_name='keepapart',
            constraint=models.CheckConstraint(condition=models.Q(('first__lt', models.F('second'))), name='a_pair_is_written_lower_number_first'),
        ),
        migrations.AddConstraint(
            model_name='keepapart',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('first', 'second'), name='a_pair_is_kept_apart_once'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.CheckConstraint(condition=models.Q(('kept', models.F('gone')), _negated=True), name='a_merge_joins_two_numbers'),
        ),
        migrations.AddConstraint(
            model_name='merge',
            constraint=models.UniqueConstraint(condition=models.Q(('undone_at__isnull', True)), fields=('gone',), name='a_number_is_merged_once'),
        ),
        migrations.AddConstraint(
            model_name='outing',
            constraint=models.UniqueConstraint(condition=models.Q(('back_at__isnull', True)), fields=('bed_night',), name='one_outing_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='outing',
            constraint=models.CheckConstraint(condition=models.Q(('back_at__isnull', True), ('back_at__gte', models.F('out_at')), _connector='OR'), name='an_outing_ends_after_it_begins'),
        ),
        migrations.AddConstraint(
            model_name='rollcall',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('night',), name='one_roll_call_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='rollcallmark',
            constraint=models.UniqueConstraint(fields=('roll_call', 'bed_night'), name='one_mark_per_roll_call_and_person'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.UniqueConstraint(fields=('night', 'kind'), name='one_round_of_a_kind_a_night'),
        ),
        migrations.AddConstraint(
            model_name='round',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at__isnull', True), ('counted__isnull', True)), models.Q(('closed_at__isnull', False), ('counted__isnull', False)), _connector='OR'), name='a_closed_round_has_counted'),
        ),
        migrations.AddConstraint(
            model_name='roundmark',
            constraint=models.UniqueConstraint(fields=('round', 'bed'), name='one_mark_per_round_and_bed'),
        ),
        migrations.AddIndex(
            model_name="proof",
            index=models.Index(fields=["occupant", "season"], name="proofs_of_a_person"),
        ),
        migrations.RunPython(guards.put_up, guards.take_down),
    ]
