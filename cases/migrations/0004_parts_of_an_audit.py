"""What an audit holds besides grade and reason, and the work around grading: draws, referrals, calibrations."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations, models

import cases.models.content


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0003_framework_without_index'),
        ('inspections', '0002_methodology_of_a_case'),
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        TrigramExtension(),
        migrations.CreateModel(
            name='Calibration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('note', models.TextField(blank=True, verbose_name='what to look at')),
                ('started_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='CalibrationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('note', models.TextField(blank=True, verbose_name='what to look at')),
                ('started_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='CommonTheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('strength', 'Strength'), ('weakness', 'Weakness'), ('concern', 'Concern')], max_length=10, verbose_name='kind')),
                ('title', models.CharField(max_length=200, verbose_name='what they have in common')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'ordering': ['title', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CommonThemeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('strength', 'Strength'), ('weakness', 'Weakness'), ('concern', 'Concern')], max_length=10, verbose_name='kind')),
                ('title', models.CharField(max_length=200, verbose_name='what they have in common')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ConfirmedFragment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.CharField(max_length=120)),
                ('field', models.CharField(max_length=100)),
                ('kind', models.CharField(max_length=30, verbose_name='what it looks like')),
                ('fragment', models.CharField(max_length=300, verbose_name='fragment')),
                ('reason', models.TextField(verbose_name='why it is not personal data')),
                ('confirmed_at', models.DateTimeField(auto_now_add=True, verbose_name='confirmed')),
            ],
            options={
                'ordering': ['place', 'kind', 'fragment'],
            },
        ),
        migrations.CreateModel(
            name='ConfirmedFragmentEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('place', models.CharField(max_length=120)),
                ('field', models.CharField(max_length=100)),
                ('kind', models.CharField(max_length=30, verbose_name='what it looks like')),
                ('fragment', models.CharField(max_length=300, verbose_name='fragment')),
                ('reason', models.TextField(verbose_name='why it is not personal data')),
                ('confirmed_at', models.DateTimeField(auto_now_add=True, verbose_name='confirmed')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='IndicatorAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('answer', models.CharField(blank=True, choices=[('met', 'Met'), ('partly', 'Partly met'), ('not_met', 'Not met'), ('not_recorded', 'Not recorded'), ('not_applicable', 'Not applicable')], max_length=15, verbose_name='answer')),
                ('note', models.TextField(blank=True, verbose_name='note')),
            ],
            options={
                'ordering': ['indicator__order'],
            },
        ),
        migrations.CreateModel(
            name='IndicatorAnswerEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('answer', models.CharField(blank=True, choices=[('met', 'Met'), ('partly', 'Partly met'), ('not_met', 'Not met'), ('not_recorded', 'Not recorded'), ('not_applicable', 'Not applicable')], max_length=15, verbose_name='answer')),
                ('note', models.TextField(blank=True, verbose_name='note')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='SampleDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seed', models.CharField(max_length=64, verbose_name='seed')),
                ('eligible', models.JSONField(verbose_name='eligible references by area')),
                ('eligible_sha256', models.CharField(max_length=64, verbose_name='SHA-256 of that list')),
                ('drawn', models.JSONField(verbose_name='drawn references by area')),
                ('drawn_at', models.DateTimeField(auto_now_add=True, verbose_name='drawn')),
            ],
            options={
                'ordering': ['-drawn_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=2000)),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='TaggedFinding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tagged_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='TaggedFindingEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('tagged_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='UrgentReferral',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('concern', models.TextField(verbose_name='what is feared')),
                ('must_act', models.CharField(max_length=300, verbose_name='who must act')),
                ('raised_at', models.DateTimeField(verbose_name='raised')),
                ('acknowledge_by', models.DateTimeField(verbose_name='to be acknowledged by')),
                ('answer_by', models.DateTimeField(verbose_name='to be answered by')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='acknowledged')),
                ('answer', models.TextField(blank=True, verbose_name='what was done')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
            ],
            options={
                'ordering': ['answer_by', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='UrgentReferralEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('concern', models.TextField(verbose_name='what is feared')),
                ('must_act', models.CharField(max_length=300, verbose_name='who must act')),
                ('raised_at', models.DateTimeField(verbose_name='raised')),
                ('acknowledge_by', models.DateTimeField(verbose_name='to be acknowledged by')),
                ('answer_by', models.DateTimeField(verbose_name='to be answered by')),
                ('acknowledged_at', models.DateTimeField(blank=True, null=True, verbose_name='acknowledged')),
                ('answer', models.TextField(blank=True, verbose_name='what was done')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.AlterModelOptions(
            name='finding',
            options={'ordering': ['position', 'pk']},
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='audit',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='audit',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='audit',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='casefile',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='casefile',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='casefile',
            name='delete_delete',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='finding',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='finding',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='finding',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='audit',
            name='audit_once_per_case_and_side',
        ),
        migrations.RemoveConstraint(
            model_name='finding',
            name='finding_once_per_theme',
        ),
        migrations.AddField(
            model_name='audit',
            name='facts',
            field=models.JSONField(blank=True, default=dict, verbose_name='facts'),
        ),
        migrations.AddField(
            model_name='audit',
            name='final_grade',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.grade'),
        ),
        migrations.AddField(
            model_name='audit',
            name='moderated_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='moderated'),
        ),
        migrations.AddField(
            model_name='audit',
            name='moderated_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='audit',
            name='moderation_reason',
            field=models.TextField(blank=True, verbose_name='why this grade is final'),
        ),
        migrations.AddField(
            model_name='audit',
            name='people',
            field=models.JSONField(blank=True, default=list, verbose_name='children and suspects'),
        ),
        migrations.AddField(
            model_name='audit',
            name='reader',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='audit',
            name='reading',
            field=models.CharField(choices=[('main', 'Audit'), ('second', 'Second reading'), ('calibration', 'Calibration')], default='main', max_length=12, verbose_name='reading'),
        ),
        migrations.AddField(
            model_name='audit',
            name='requested_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='audit',
            name='timeline',
            field=models.JSONField(blank=True, default=list, verbose_name='timeline'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='facts',
            field=models.JSONField(blank=True, default=dict, verbose_name='facts'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='final_grade',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inspections.grade'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='moderated_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='moderated'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='moderated_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='moderation_reason',
            field=models.TextField(blank=True, verbose_name='why this grade is final'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='people',
            field=models.JSONField(blank=True, default=list, verbose_name='children and suspects'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='reader',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='reading',
            field=models.CharField(choices=[('main', 'Audit'), ('second', 'Second reading'), ('calibration', 'Calibration')], default='main', max_length=12, verbose_name='reading'),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='requested_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='auditevent',
            name='timeline',
            field=models.JSONField(blank=True, default=list, verbose_name='timeline'),
        ),
        migrations.AddField(
            model_name='casefile',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='assigned_cases', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.AddField(
            model_name='casefile',
            name='selection_reason',
            field=models.TextField(blank=True, verbose_name='why inspectors selected it'),
        ),
        migrations.AddField(
            model_name='casefileevent',
            name='assigned_to',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to'),
        ),
        migrations.AddField(
            model_name='casefileevent',
            name='selection_reason',
            field=models.TextField(blank=True, verbose_name='why inspectors selected it'),
        ),
        migrations.AddField(
            model_name='finding',
            name='indicators',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(), blank=True, default=list, size=None, verbose_name='indicators it rests on'),
        ),
        migrations.AddField(
            model_name='finding',
            name='key',
            field=models.SlugField(default=cases.models.content.new_key, max_length=40),
        ),
        migrations.AddField(
            model_name='finding',
            name='kind',
            field=models.CharField(blank=True, choices=[('strength', 'Strength'), ('weakness', 'Weakness'), ('concern', 'Concern')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='finding',
            name='position',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='findingevent',
            name='indicators',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.SlugField(), blank=True, default=list, size=None, verbose_name='indicators it rests on'),
        ),
        migrations.AddField(
            model_name='findingevent',
            name='key',
            field=models.SlugField(db_index=False, default=cases.models.content.new_key, max_length=40),
        ),
        migrations.AddField(
            model_name='findingevent',
            name='kind',
            field=models.CharField(blank=True, choices=[('strength', 'Strength'), ('weakness', 'Weakness'), ('concern', 'Concern')], max_length=10, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='findingevent',
            name='position',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='audit',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('moderated', 'Moderated')], default='draft', max_length=10, verbose_name='status'),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='status',
            field=models.CharField(choices=[('draft', 'Draft'), ('submitted', 'Submitted'), ('moderated', 'Moderated')], default='draft', max_length=10, verbose_name='status'),
        ),
        migrations.AddIndex(
            model_name='audit',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('reason', config='english'), name='audit_reason_words'),
        ),
        migrations.AddIndex(
            model_name='audit',
            index=models.Index(condition=models.Q(('reading', 'main'), _negated=True), fields=['reader'], name='audit_reading'),
        ),
        migrations.AddIndex(
            model_name='casefile',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.indexes.OpClass(django.db.models.functions.text.Upper('reference'), name='gin_trgm_ops'), name='case_reference_part'),
        ),
        migrations.AddIndex(
            model_name='casefile',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('summary', config='english'), name='case_summary_words'),
        ),
        migrations.AddIndex(
            model_name='finding',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('text', config='english'), name='finding_words'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='audit',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_auditevent" ("case_id", "change_reason", "facts", "final_grade_id", "first_submitted_at", "framework_id", "grade_id", "id", "moderated_at", "moderated_by_id", "moderation_reason", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reader_id", "reading", "reason", "requested_by_id", "route", "side", "status", "submitted_at", "submitted_by_id", "timeline", "updated_at", "updated_by_id", "version") VALUES (NEW."case_id", NEW."change_reason", NEW."facts", NEW."final_grade_id", NEW."first_submitted_at", NEW."framework_id", NEW."grade_id", NEW."id", NEW."moderated_at", NEW."moderated_by_id", NEW."moderation_reason", NEW."people", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reader_id", NEW."reading", NEW."reason", NEW."requested_by_id", NEW."route", NEW."side", NEW."status", NEW."submitted_at", NEW."submitted_by_id", NEW."timeline", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;', hash='494ee35eb80d0ee3eae2a6b779672445bb3ea02f', operation='INSERT', pgid='pgtrigger_insert_insert_0b774', table='cases_audit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='audit',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_auditevent" ("case_id", "change_reason", "facts", "final_grade_id", "first_submitted_at", "framework_id", "grade_id", "id", "moderated_at", "moderated_by_id", "moderation_reason", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reader_id", "reading", "reason", "requested_by_id", "route", "side", "status", "submitted_at", "submitted_by_id", "timeline", "updated_at", "updated_by_id", "version") VALUES (NEW."case_id", NEW."change_reason", NEW."facts", NEW."final_grade_id", NEW."first_submitted_at", NEW."framework_id", NEW."grade_id", NEW."id", NEW."moderated_at", NEW."moderated_by_id", NEW."moderation_reason", NEW."people", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reader_id", NEW."reading", NEW."reason", NEW."requested_by_id", NEW."route", NEW."side", NEW."status", NEW."submitted_at", NEW."submitted_by_id", NEW."timeline", NEW."updated_at", NEW."updated_by_id", NEW."version"); RETURN NULL;', hash='8ceba4e76f4f38227ee3ac2fd16238bbeb1e0f1f', operation='UPDATE', pgid='pgtrigger_update_update_1899a', table='cases_audit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='audit',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_auditevent" ("case_id", "change_reason", "facts", "final_grade_id", "first_submitted_at", "framework_id", "grade_id", "id", "moderated_at", "moderated_by_id", "moderation_reason", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reader_id", "reading", "reason", "requested_by_id", "route", "side", "status", "submitted_at", "submitted_by_id", "timeline", "updated_at", "updated_by_id", "version") VALUES (OLD."case_id", OLD."change_reason", OLD."facts", OLD."final_grade_id", OLD."first_submitted_at", OLD."framework_id", OLD."grade_id", OLD."id", OLD."moderated_at", OLD."moderated_by_id", OLD."moderation_reason", OLD."people", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reader_id", OLD."reading", OLD."reason", OLD."requested_by_id", OLD."route", OLD."side", OLD."status", OLD."submitted_at", OLD."submitted_by_id", OLD."timeline", OLD."updated_at", OLD."updated_by_id", OLD."version"); RETURN NULL;', hash='5261cd28d247e0f0989225ce52a718f9e7957c6d', operation='DELETE', pgid='pgtrigger_delete_delete_344c0', table='cases_audit', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casefile',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_casefileevent" ("added_at", "added_by_id", "area_id", "assigned_to_id", "excluded_at", "excluded_by_id", "excluded_reason", "framework_id", "id", "inspection_id", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "route", "selection_reason", "summary") VALUES (NEW."added_at", NEW."added_by_id", NEW."area_id", NEW."assigned_to_id", NEW."excluded_at", NEW."excluded_by_id", NEW."excluded_reason", NEW."framework_id", NEW."id", NEW."inspection_id", NEW."opened_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."route", NEW."selection_reason", NEW."summary"); RETURN NULL;', hash='c4e618098f9c11e4234f650f3cd290f4d3b73964', operation='INSERT', pgid='pgtrigger_insert_insert_69bc1', table='cases_casefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casefile',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_casefileevent" ("added_at", "added_by_id", "area_id", "assigned_to_id", "excluded_at", "excluded_by_id", "excluded_reason", "framework_id", "id", "inspection_id", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "route", "selection_reason", "summary") VALUES (NEW."added_at", NEW."added_by_id", NEW."area_id", NEW."assigned_to_id", NEW."excluded_at", NEW."excluded_by_id", NEW."excluded_reason", NEW."framework_id", NEW."id", NEW."inspection_id", NEW."opened_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."route", NEW."selection_reason", NEW."summary"); RETURN NULL;', hash='df803957e438e5272ca7f34b66e7090ab93818a8', operation='UPDATE', pgid='pgtrigger_update_update_a63eb', table='cases_casefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='casefile',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_casefileevent" ("added_at", "added_by_id", "area_id", "assigned_to_id", "excluded_at", "excluded_by_id", "excluded_reason", "framework_id", "id", "inspection_id", "opened_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "route", "selection_reason", "summary") VALUES (OLD."added_at", OLD."added_by_id", OLD."area_id", OLD."assigned_to_id", OLD."excluded_at", OLD."excluded_by_id", OLD."excluded_reason", OLD."framework_id", OLD."id", OLD."inspection_id", OLD."opened_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference", OLD."route", OLD."selection_reason", OLD."summary"); RETURN NULL;', hash='12a2998bd5601cc8c7a494d71f479ced24d397fa', operation='DELETE', pgid='pgtrigger_delete_delete_cc958', table='cases_casefile', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='finding',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_findingevent" ("audit_id", "framework_id", "id", "indicators", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text", "theme_id") VALUES (NEW."audit_id", NEW."framework_id", NEW."id", NEW."indicators", NEW."key", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."position", NEW."text", NEW."theme_id"); RETURN NULL;', hash='51502bdfa25ce52e374884c9620afab1817ed794', operation='INSERT', pgid='pgtrigger_insert_insert_06871', table='cases_finding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='finding',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_findingevent" ("audit_id", "framework_id", "id", "indicators", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text", "theme_id") VALUES (NEW."audit_id", NEW."framework_id", NEW."id", NEW."indicators", NEW."key", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."text", NEW."theme_id"); RETURN NULL;', hash='c0dc983cf3db88fa0100803af7901f9749b77b24', operation='UPDATE', pgid='pgtrigger_update_update_1bb8a', table='cases_finding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='finding',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_findingevent" ("audit_id", "framework_id", "id", "indicators", "key", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "text", "theme_id") VALUES (OLD."audit_id", OLD."framework_id", OLD."id", OLD."indicators", OLD."key", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."text", OLD."theme_id"); RETURN NULL;', hash='c1c6322f8a5e69e444cae07647d061b04ed30205', operation='DELETE', pgid='pgtrigger_delete_delete_81533', table='cases_finding', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.UniqueConstraint(condition=models.Q(('reading', 'main')), fields=('case', 'side'), name='audit_once_per_case_and_side'),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.UniqueConstraint(condition=models.Q(('reading', 'main'), _negated=True), fields=('case', 'reader'), name='audit_reading_once_per_reader'),
        ),
        migrations.AddConstraint(
            model_name='audit',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reader__isnull', True), ('reading', 'main')), models.Q(models.Q(('reading', 'main'), _negated=True), ('reader__isnull', False), ('side', 'inspectorate')), _connector='OR'), name='audit_reading_has_a_reader'),
        ),
        migrations.AddConstraint(
            model_name='casefile',
            constraint=models.CheckConstraint(condition=models.Q(('selection_reason', ''), ('route', 'selected'), _connector='OR'), name='case_selection_reason_only_of_selected'),
        ),
        migrations.AddConstraint(
            model_name='finding',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['', 'strength', 'weakness', 'concern'])), name='finding_is_of_a_kind'),
        ),
        migrations.AddField(
            model_name='calibration',
            name='case',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calibration', to='cases.casefile'),
        ),
        migrations.AddField(
            model_name='calibration',
            name='started_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='calibrationevent',
            name='case',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.casefile'),
        ),
        migrations.AddField(
            model_name='calibrationevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='calibrationevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.calibration'),
        ),
        migrations.AddField(
            model_name='calibrationevent',
            name='started_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commontheme',
            name='area',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.area'),
        ),
        migrations.AddField(
            model_name='commontheme',
            name='created_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commontheme',
            name='framework',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.framework'),
        ),
        migrations.AddField(
            model_name='commontheme',
            name='inspection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='common_themes', to='inspections.inspection'),
        ),
        migrations.AddField(
            model_name='commonthemeevent',
            name='area',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inspections.area'),
        ),
        migrations.AddField(
            model_name='commonthemeevent',
            name='created_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commonthemeevent',
            name='framework',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inspections.framework'),
        ),
        migrations.AddField(
            model_name='commonthemeevent',
            name='inspection',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inspections.inspection'),
        ),
        migrations.AddField(
            model_name='commonthemeevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='commonthemeevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.commontheme'),
        ),
        migrations.AddField(
            model_name='confirmedfragment',
            name='case',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='confirmed_fragments', to='cases.casefile'),
        ),
        migrations.AddField(
            model_name='confirmedfragment',
            name='confirmed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='confirmedfragment',
            name='inspection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='confirmed_fragments', to='inspections.inspection'),
        ),
        migrations.AddField(
            model_name='confirmedfragmentevent',
            name='case',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.casefile'),
        ),
        migrations.AddField(
            model_name='confirmedfragmentevent',
            name='confirmed_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='confirmedfragmentevent',
            name='inspection',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inspections.inspection'),
        ),
        migrations.AddField(
            model_name='confirmedfragmentevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='confirmedfragmentevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.confirmedfragment'),
        ),
        migrations.AddField(
            model_name='indicatoranswer',
            name='audit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='answers', to='cases.audit'),
        ),
        migrations.AddField(
            model_name='indicatoranswer',
            name='framework',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.framework'),
        ),
        migrations.AddField(
            model_name='indicatoranswer',
            name='indicator',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='inspections.indicator'),
        ),
        migrations.AddField(
            model_name='indicatoranswerevent',
            name='audit',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.audit'),
        ),
        migrations.AddField(
            model_name='indicatoranswerevent',
            name='framework',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inspections.framework'),
        ),
        migrations.AddField(
            model_name='indicatoranswerevent',
            name='indicator',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='inspections.indicator'),
        ),
        migrations.AddField(
            model_name='indicatoranswerevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='indicatoranswerevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.indicatoranswer'),
        ),
        migrations.AddField(
            model_name='sampledraw',
            name='drawn_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='sampledraw',
            name='inspection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='draws', to='inspections.inspection'),
        ),
        migrations.AddField(
            model_name='savedfilter',
            name='inspection',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inspections.inspection'),
        ),
        migrations.AddField(
            model_name='savedfilter',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='taggedfinding',
            name='common_theme',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged', to='cases.commontheme'),
        ),
        migrations.AddField(
            model_name='taggedfinding',
            name='finding',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tagged', to='cases.finding'),
        ),
        migrations.AddField(
            model_name='taggedfinding',
            name='tagged_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='commontheme',
            name='findings',
            field=models.ManyToManyField(related_name='common_themes', through='cases.TaggedFinding', to='cases.finding'),
        ),
        migrations.AddField(
            model_name='taggedfindingevent',
            name='common_theme',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.commontheme'),
        ),
        migrations.AddField(
            model_name='taggedfindingevent',
            name='finding',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.finding'),
        ),
        migrations.AddField(
            model_name='taggedfindingevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='taggedfindingevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.taggedfinding'),
        ),
        migrations.AddField(
            model_name='taggedfindingevent',
            name='tagged_by',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='urgentreferral',
            name='acknowledged_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='urgentreferral',
            name='answered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='urgentreferral',
            name='case',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='referrals', to='cases.casefile'),
        ),
        migrations.AddField(
            model_name='urgentreferral',
            name='raised_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='urgentreferralevent',
            name='acknowledged_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='urgentreferralevent',
            name='answered_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='urgentreferralevent',
            name='case',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='cases.casefile'),
        ),
        migrations.AddField(
            model_name='urgentreferralevent',
            name='pgh_context',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
        ),
        migrations.AddField(
            model_name='urgentreferralevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='cases.urgentreferral'),
        ),
        migrations.AddField(
            model_name='urgentreferralevent',
            name='raised_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calibration',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_calibrationevent" ("case_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_by_id") VALUES (NEW."case_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."started_at", NEW."started_by_id"); RETURN NULL;', hash='2c77a13d67071a31f07a3f5f7492c96b9a2fd9cc', operation='INSERT', pgid='pgtrigger_insert_insert_717a7', table='cases_calibration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calibration',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_calibrationevent" ("case_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_by_id") VALUES (NEW."case_id", NEW."id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."started_at", NEW."started_by_id"); RETURN NULL;', hash='370b979e5e1b5f82ba427eac278ac13956079324', operation='UPDATE', pgid='pgtrigger_update_update_ef9aa', table='cases_calibration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calibration',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_calibrationevent" ("case_id", "id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "started_at", "started_by_id") VALUES (OLD."case_id", OLD."id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."started_at", OLD."started_by_id"); RETURN NULL;', hash='cc08f2ff6ee21b7e933117264cdf2084e00bce4e', operation='DELETE', pgid='pgtrigger_delete_delete_949f5', table='cases_calibration', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='calibrationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ad74089d0c29d4e498905e2582f796b38a619e4e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_a23e0', table='cases_calibrationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commonthemeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='5fb227f890eb8c7a90ffe6182ed9299087548a62', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e5f01', table='cases_commonthemeevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='confirmedfragment',
            constraint=models.UniqueConstraint(fields=('inspection', 'place', 'kind', 'fragment'), name='fragment_confirmed_once'),
        ),
        migrations.AddConstraint(
            model_name='confirmedfragment',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='fragment_confirmed_with_reason'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='confirmedfragment',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_confirmedfragmentevent" ("case_id", "confirmed_at", "confirmed_by_id", "field", "fragment", "id", "inspection_id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reason") VALUES (NEW."case_id", NEW."confirmed_at", NEW."confirmed_by_id", NEW."field", NEW."fragment", NEW."id", NEW."inspection_id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."reason"); RETURN NULL;', hash='d53d6243a3684a8ce85efcedc6019b0a4482c025', operation='INSERT', pgid='pgtrigger_insert_insert_c57b1', table='cases_confirmedfragment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='confirmedfragment',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_confirmedfragmentevent" ("case_id", "confirmed_at", "confirmed_by_id", "field", "fragment", "id", "inspection_id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reason") VALUES (NEW."case_id", NEW."confirmed_at", NEW."confirmed_by_id", NEW."field", NEW."fragment", NEW."id", NEW."inspection_id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."reason"); RETURN NULL;', hash='7edddef18d867bbfce8ab8dcef4d9a0f1ceea1a3', operation='UPDATE', pgid='pgtrigger_update_update_abeb2', table='cases_confirmedfragment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='confirmedfragment',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_confirmedfragmentevent" ("case_id", "confirmed_at", "confirmed_by_id", "field", "fragment", "id", "inspection_id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "reason") VALUES (OLD."case_id", OLD."confirmed_at", OLD."confirmed_by_id", OLD."field", OLD."fragment", OLD."id", OLD."inspection_id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."reason"); RETURN NULL;', hash='56aa3e6c3bf16e849910727ee9d62a2e07347919', operation='DELETE', pgid='pgtrigger_delete_delete_23b58', table='cases_confirmedfragment', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='confirmedfragmentevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='f3a75d461165055e8ed20cf4a45b7a378d0ae39e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_28178', table='cases_confirmedfragmentevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='indicatoranswer',
            index=django.contrib.postgres.indexes.GinIndex(django.contrib.postgres.search.SearchVector('note', config='english'), name='answer_note_words'),
        ),
        migrations.AddConstraint(
            model_name='indicatoranswer',
            constraint=models.UniqueConstraint(fields=('audit', 'indicator'), name='answer_once_per_indicator'),
        ),
        migrations.AddConstraint(
            model_name='indicatoranswer',
            constraint=models.CheckConstraint(condition=models.Q(('answer__in', ['', 'met', 'partly', 'not_met', 'not_recorded', 'not_applicable'])), name='answer_is_one_of_the_five'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicatoranswer',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_indicatoranswerevent" ("answer", "audit_id", "framework_id", "id", "indicator_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."answer", NEW."audit_id", NEW."framework_id", NEW."id", NEW."indicator_id", NEW."note", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='953579137e8a4733e693c6a9362a491ce11ddb10', operation='INSERT', pgid='pgtrigger_insert_insert_52d79', table='cases_indicatoranswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicatoranswer',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_indicatoranswerevent" ("answer", "audit_id", "framework_id", "id", "indicator_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."answer", NEW."audit_id", NEW."framework_id", NEW."id", NEW."indicator_id", NEW."note", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='91000ecf01066cb3770c12aedae4cd1c7a5bba68', operation='UPDATE', pgid='pgtrigger_update_update_3b9c4', table='cases_indicatoranswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicatoranswer',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_indicatoranswerevent" ("answer", "audit_id", "framework_id", "id", "indicator_id", "note", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."answer", OLD."audit_id", OLD."framework_id", OLD."id", OLD."indicator_id", OLD."note", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='a6b02bc4142cd41f6193aeabe41261fa36e9c69f', operation='DELETE', pgid='pgtrigger_delete_delete_718c8', table='cases_indicatoranswer', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='indicatoranswerevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2dacc1de3e14a33849327813e153710b62174662', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_40cdf', table='cases_indicatoranswerevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='sampledraw',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='ade4fd2d51375d4a7708cd0f51e4a328d68beb61', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_06ab7', table='cases_sampledraw', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.UniqueConstraint(fields=('user', 'inspection', 'name'), name='saved_filter_name_once'),
        ),
        migrations.AddConstraint(
            model_name='taggedfinding',
            constraint=models.UniqueConstraint(fields=('common_theme', 'finding'), name='finding_once_per_common_theme'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='taggedfinding',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_taggedfindingevent" ("common_theme_id", "finding_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tagged_at", "tagged_by_id") VALUES (NEW."common_theme_id", NEW."finding_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."tagged_at", NEW."tagged_by_id"); RETURN NULL;', hash='13bc82d8b3564759d8902103b9d26709e3617911', operation='INSERT', pgid='pgtrigger_insert_insert_3af1a', table='cases_taggedfinding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='taggedfinding',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_taggedfindingevent" ("common_theme_id", "finding_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tagged_at", "tagged_by_id") VALUES (NEW."common_theme_id", NEW."finding_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."tagged_at", NEW."tagged_by_id"); RETURN NULL;', hash='535739bef1ee60e57816c1021fce46373c5c9494', operation='UPDATE', pgid='pgtrigger_update_update_d3e52', table='cases_taggedfinding', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='taggedfinding',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_taggedfindingevent" ("common_theme_id", "finding_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "tagged_at", "tagged_by_id") VALUES (OLD."common_theme_id", OLD."finding_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."tagged_at", OLD."tagged_by_id"); RETURN NULL;', hash='5d6faad04838c268f0606b424b24216a094f27b3', operation='DELETE', pgid='pgtrigger_delete_delete_d5568', table='cases_taggedfinding', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='commontheme',
            constraint=models.UniqueConstraint(fields=('inspection', 'area', 'title'), name='common_theme_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='commontheme',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='common_theme_has_a_title'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commontheme',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_commonthemeevent" ("area_id", "created_at", "created_by_id", "framework_id", "id", "inspection_id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."area_id", NEW."created_at", NEW."created_by_id", NEW."framework_id", NEW."id", NEW."inspection_id", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."title"); RETURN NULL;', hash='446032091315ff4cebf54266947670d84dee8495', operation='INSERT', pgid='pgtrigger_insert_insert_d2681', table='cases_commontheme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commontheme',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_commonthemeevent" ("area_id", "created_at", "created_by_id", "framework_id", "id", "inspection_id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (NEW."area_id", NEW."created_at", NEW."created_by_id", NEW."framework_id", NEW."id", NEW."inspection_id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."title"); RETURN NULL;', hash='d090873d0b7564e13f3804b6cd916681baa7a760', operation='UPDATE', pgid='pgtrigger_update_update_ae4ee', table='cases_commontheme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='commontheme',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_commonthemeevent" ("area_id", "created_at", "created_by_id", "framework_id", "id", "inspection_id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "title") VALUES (OLD."area_id", OLD."created_at", OLD."created_by_id", OLD."framework_id", OLD."id", OLD."inspection_id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."title"); RETURN NULL;', hash='d8fe57c341f454a858a667452e13cbf576fd2974', operation='DELETE', pgid='pgtrigger_delete_delete_f3dc2', table='cases_commontheme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='taggedfindingevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='949315b3ecf161195ee333c1c919ef1d507f883c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c00ae', table='cases_taggedfindingevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='urgentreferral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('concern', ''), _negated=True), models.Q(('must_act', ''), _negated=True)), name='referral_says_what_and_who'),
        ),
        migrations.AddConstraint(
            model_name='urgentreferral',
            constraint=models.CheckConstraint(condition=models.Q(('acknowledge_by__gt', models.F('raised_at')), ('answer_by__gte', models.F('acknowledge_by'))), name='referral_due_after_it_was_raised'),
        ),
        migrations.AddConstraint(
            model_name='urgentreferral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('acknowledged_at__isnull', True), ('acknowledged_by__isnull', True)), models.Q(('acknowledged_at__isnull', False), ('acknowledged_by__isnull', False)), _connector='OR'), name='referral_acknowledged_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='urgentreferral',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at__isnull', True), ('answered_by__isnull', True)), models.Q(('acknowledged_at__isnull', False), ('answered_at__isnull', False), ('answered_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='referral_answered_after_acknowledged_with_words'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='urgentreferral',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_urgentreferralevent" ("acknowledge_by", "acknowledged_at", "acknowledged_by_id", "answer", "answer_by", "answered_at", "answered_by_id", "case_id", "concern", "id", "must_act", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "raised_by_id") VALUES (NEW."acknowledge_by", NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."answer", NEW."answer_by", NEW."answered_at", NEW."answered_by_id", NEW."case_id", NEW."concern", NEW."id", NEW."must_act", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."raised_at", NEW."raised_by_id"); RETURN NULL;', hash='47908c82d7a87ff9fc9c93ff30f44d25a0e96c4e', operation='INSERT', pgid='pgtrigger_insert_insert_fa326', table='cases_urgentreferral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='urgentreferral',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "cases_urgentreferralevent" ("acknowledge_by", "acknowledged_at", "acknowledged_by_id", "answer", "answer_by", "answered_at", "answered_by_id", "case_id", "concern", "id", "must_act", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "raised_by_id") VALUES (NEW."acknowledge_by", NEW."acknowledged_at", NEW."acknowledged_by_id", NEW."answer", NEW."answer_by", NEW."answered_at", NEW."answered_by_id", NEW."case_id", NEW."concern", NEW."id", NEW."must_act", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."raised_at", NEW."raised_by_id"); RETURN NULL;', hash='bf5e0570ff520c23cde830fc2782efcfce260294', operation='UPDATE', pgid='pgtrigger_update_update_fc3cd', table='cases_urgentreferral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='urgentreferral',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "cases_urgentreferralevent" ("acknowledge_by", "acknowledged_at", "acknowledged_by_id", "answer", "answer_by", "answered_at", "answered_by_id", "case_id", "concern", "id", "must_act", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "raised_by_id") VALUES (OLD."acknowledge_by", OLD."acknowledged_at", OLD."acknowledged_by_id", OLD."answer", OLD."answer_by", OLD."answered_at", OLD."answered_by_id", OLD."case_id", OLD."concern", OLD."id", OLD."must_act", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."raised_at", OLD."raised_by_id"); RETURN NULL;', hash='85cd74c998b22c74ad334a489baf1e5e668d1612', operation='DELETE', pgid='pgtrigger_delete_delete_e93cd', table='cases_urgentreferral', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='urgentreferralevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='cc7c046fd422df8d459ae77df355997e80c4e4c7', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_cfc3e', table='cases_urgentreferralevent', when='BEFORE')),
        ),
    ]
