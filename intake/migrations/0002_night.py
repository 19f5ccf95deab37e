"""Cards, incidents, handovers, belongings, tallies, referrals, sheets of paper."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('intake', '0001_first'),
        ('shelter', '0004_admission_and_watch'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='guest',
            name='situation',
            field=models.CharField(blank=True, choices=[('1', 'outside, in public space'), ('2', 'in a night shelter'), ('3', 'in a home or hostel'), ('4', 'in a hospital or prison'), ('5', 'in a caravan, car or squat'), ('6', 'with family or friends for a while')], default='', max_length=1, verbose_name='slept before'),
        ),
        migrations.AddField(
            model_name='guest',
            name='wakes_at',
            field=models.TimeField(blank=True, null=True, verbose_name='to be woken at'),
        ),
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('words', models.CharField(blank=True, max_length=1000, verbose_name='for those who come')),
                ('figures', models.JSONField(default=dict)),
                ('written_at', models.DateTimeField()),
                ('night', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='shelter.night')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='HandoverItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('exclusion_ends', 'exclusion ends'), ('cold_decision', 'to decide in the cold'), ('kept_apart', 'kept apart, both here'), ('defect', 'out of service'), ('belonging', 'things to hand back'), ('task', 'to do'), ('expected_back', 'expected back'), ('follow_up', 'incident to follow up'), ('wake_up', 'to wake')], max_length=16)),
                ('detail', models.CharField(blank=True, max_length=200)),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True)),
                ('acknowledged_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='intake.handover')),
                ('occupant', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.occupant')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Incident',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('happened_at', models.DateTimeField(verbose_name='when')),
                ('place', models.CharField(choices=[('door', 'door and yard'), ('dormitory', 'dormitory'), ('sanitary', 'showers and toilets'), ('canteen', 'dining room'), ('bus', 'bus'), ('other', 'elsewhere')], max_length=10, verbose_name='where')),
                ('kind', models.CharField(choices=[('violence', 'violence'), ('threat', 'threats'), ('quarrel', 'quarrel'), ('theft', 'theft'), ('weapon', 'weapon found'), ('damage', 'damage'), ('accident', 'accident or fall'), ('illness', 'somebody unwell'), ('fire', 'fire or smoke'), ('intrusion', 'somebody from outside'), ('other', 'something else')], max_length=10, verbose_name='what')),
                ('severity', models.PositiveSmallIntegerField(choices=[(1, '1 slight'), (2, '2 noticeable'), (3, '3 serious'), (4, '4 grave')], validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(4)], verbose_name='how bad')),
                ('account', models.CharField(blank=True, max_length=600, verbose_name='in a few words')),
                ('measures', models.JSONField(blank=True, default=list, verbose_name='measures')),
                ('police', models.BooleanField(default=False, verbose_name='police called')),
                ('ambulance', models.BooleanField(default=False, verbose_name='ambulance called')),
                ('follow_up', models.CharField(blank=True, max_length=300, verbose_name='to be followed up')),
                ('followed_up_at', models.DateTimeField(blank=True, null=True)),
                ('written_at', models.DateTimeField()),
                ('dormitory', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shelter.dormitory')),
                ('led_to', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='shelter.exclusion')),
                ('night', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='shelter.night')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-happened_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='IncidentPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('involved', 'involved'), ('harmed', 'harmed'), ('witness', 'witness')], max_length=8)),
                ('incident', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='intake.incident')),
                ('occupant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='incidents', to='shelter.occupant')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='PaperSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('printed_at', models.DateTimeField()),
                ('lines', models.JSONField(default=list)),
                ('blank_lines', models.PositiveSmallIntegerField(default=0)),
                ('night', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paper_sheets', to='shelter.night')),
                ('printed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='PhraseReview',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('language', models.CharField(max_length=3, unique=True)),
                ('reviewed_at', models.DateTimeField()),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Referral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('target', models.CharField(choices=[('halte', 'night stop (halte de nuit)'), ('women', "women's shelter"), ('family', 'family service'), ('hospital', 'hospital or doctor'), ('housing', 'housing'), ('social', 'social office'), ('addiction', 'addiction service'), ('asylum', 'reception of asylum applicants'), ('home', 'return journey'), ('other', 'another service')], max_length=10, verbose_name='where to')),
                ('same_day', models.BooleanField(default=True, verbose_name='the same day')),
                ('outcome', models.CharField(choices=[('unknown', 'not known'), ('arrived', 'arrived there'), ('not_arrived', 'did not arrive')], default='unknown', max_length=12, verbose_name='and then')),
                ('made_on', models.DateField()),
                ('made_at', models.DateTimeField()),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('occupant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='shelter.occupant')),
            ],
            options={
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Tally',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(verbose_name='day')),
                ('service', models.CharField(choices=[('suppers', 'suppers served'), ('breakfasts', 'breakfasts served'), ('showers', 'showers'), ('kits', 'hygiene kits'), ('asylum', 'asylum applicants tonight'), ('wardrobe_visits', 'wardrobe visits'), ('wardrobe_items', 'wardrobe items'), ('follow_ups', 'social follow-ups'), ('nurse', 'nurse consultations'), ('doctor', 'doctor consultations'), ('day_presences', 'day shelter presences'), ('lunches', 'lunches')], max_length=16)),
                ('number', models.PositiveIntegerField()),
                ('entered_at', models.DateTimeField()),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-day', 'service'],
            },
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=200, verbose_name='to do')),
                ('made_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(blank=True, null=True)),
                ('done_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Belonging',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('locker', 'locker'), ('luggage', 'luggage'), ('pet', 'animal'), ('seized', 'taken away, against receipt')], max_length=8, verbose_name='kind')),
                ('number', models.CharField(max_length=12, verbose_name='number')),
                ('what', models.CharField(blank=True, max_length=80, verbose_name='what it is')),
                ('kept_at', models.DateTimeField()),
                ('until', models.DateField(blank=True, null=True, verbose_name='until')),
                ('handed_back_at', models.DateTimeField(blank=True, null=True)),
                ('handed_back_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('kept_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('occupant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='belongings', to='shelter.occupant')),
            ],
            options={
                'ordering': ['kind', 'number', 'id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('handed_back_at__isnull', True)), fields=('kind', 'number'), name='one_number_keeps_one_thing'), models.CheckConstraint(condition=models.Q(('handed_back_at__isnull', True), ('handed_back_at__gte', models.F('kept_at')), _connector='OR'), name='handed_back_after_it_was_kept')],
            },
        ),
        migrations.CreateModel(
            name='Card',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8)),
                ('issued_at', models.DateTimeField()),
                ('revoked_at', models.DateTimeField(blank=True, null=True)),
                ('revoked_because', models.CharField(blank=True, choices=[('lost', 'lost'), ('stolen', 'stolen'), ('damaged', 'damaged'), ('replaced', 'replaced')], default='', max_length=8)),
                ('guest', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='cards', to='intake.guest')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('revoked_at__isnull', True)), fields=('guest',), name='one_card_in_force_per_guest')],
            },
        ),
        migrations.AddConstraint(
            model_name='incident',
            constraint=models.CheckConstraint(condition=models.Q(('severity__gte', 1), ('severity__lte', 4)), name='incident_has_a_severity'),
        ),
        migrations.AddConstraint(
            model_name='incidentperson',
            constraint=models.UniqueConstraint(fields=('incident', 'occupant'), name='one_part_per_person_and_incident'),
        ),
        migrations.AddConstraint(
            model_name='tally',
            constraint=models.UniqueConstraint(fields=('day', 'service'), name='one_tally_per_day_and_service'),
        ),
    ]
