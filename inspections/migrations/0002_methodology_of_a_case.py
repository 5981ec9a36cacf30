import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('inspections', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DelayCause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(verbose_name='code')),
                ('label', models.CharField(max_length=200, verbose_name='label')),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
            ],
            options={
                'ordering': ['framework', 'order'],
            },
        ),
        migrations.CreateModel(
            name='EventType',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(verbose_name='code')),
                ('label', models.CharField(max_length=200, verbose_name='label')),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
            ],
            options={
                'ordering': ['framework', 'order'],
            },
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(verbose_name='code')),
                ('label', models.CharField(max_length=200, verbose_name='label')),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
                ('kind', models.CharField(choices=[('moment', 'Date and time'), ('yes_no', 'Yes or no'), ('number', 'Number'), ('choice', 'Choice')], max_length=10, verbose_name='kind')),
                ('options', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), blank=True, default=list, size=None, verbose_name='choices')),
            ],
            options={
                'ordering': ['area', 'order'],
            },
        ),
        migrations.CreateModel(
            name='Wait',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(verbose_name='code')),
                ('label', models.CharField(max_length=200, verbose_name='label')),
                ('order', models.PositiveSmallIntegerField(verbose_name='order')),
            ],
            options={
                'ordering': ['area', 'order'],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='deadline',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='deadline',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='deadline',
            name='delete_delete',
        ),
        migrations.RemoveConstraint(
            model_name='deadline',
            name='deadline_kind_has_its_subject',
        ),
        migrations.AddField(
            model_name='deadline',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='due at'),
        ),
        migrations.AddField(
            model_name='deadlineevent',
            name='due_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='due at'),
        ),
        migrations.AddField(
            model_name='framework',
            name='referral_acknowledge_hours',
            field=models.PositiveSmallIntegerField(default=4, verbose_name='hours to acknowledge an urgent referral'),
        ),
        migrations.AddField(
            model_name='framework',
            name='referral_answer_hours',
            field=models.PositiveSmallIntegerField(default=24, verbose_name='hours to answer an urgent referral'),
        ),
        migrations.AlterField(
            model_name='deadline',
            name='kind',
            field=models.CharField(choices=[('self_assessment', 'Self-assessment'), ('recommendation', 'Recommendation'), ('follow_up', 'Follow-up'), ('referral_acknowledgement', 'Urgent referral: acknowledgement'), ('referral_answer', 'Urgent referral: answer')], max_length=30, verbose_name='kind'),
        ),
        migrations.AlterField(
            model_name='deadlineevent',
            name='kind',
            field=models.CharField(choices=[('self_assessment', 'Self-assessment'), ('recommendation', 'Recommendation'), ('follow_up', 'Follow-up'), ('referral_acknowledgement', 'Urgent referral: acknowledgement'), ('referral_answer', 'Urgent referral: answer')], max_length=30, verbose_name='kind'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deadline',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inspections_deadlineevent" ("due_at", "due_on", "first_due_on", "follow_up_rule_id", "id", "inspection_id", "kind", "label", "met_by_id", "met_note", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "responsible", "subject_id") VALUES (NEW."due_at", NEW."due_on", NEW."first_due_on", NEW."follow_up_rule_id", NEW."id", NEW."inspection_id", NEW."kind", NEW."label", NEW."met_by_id", NEW."met_note", NEW."met_on", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."responsible", NEW."subject_id"); RETURN NULL;', hash='326aeceaf21ab7e1e253925aa2665e6072607def', operation='INSERT', pgid='pgtrigger_insert_insert_7644e', table='inspections_deadline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deadline',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "inspections_deadlineevent" ("due_at", "due_on", "first_due_on", "follow_up_rule_id", "id", "inspection_id", "kind", "label", "met_by_id", "met_note", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "responsible", "subject_id") VALUES (NEW."due_at", NEW."due_on", NEW."first_due_on", NEW."follow_up_rule_id", NEW."id", NEW."inspection_id", NEW."kind", NEW."label", NEW."met_by_id", NEW."met_note", NEW."met_on", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."responsible", NEW."subject_id"); RETURN NULL;', hash='74969e60d1456e8818e34607f72e29b152c5c685', operation='UPDATE', pgid='pgtrigger_update_update_ccd78', table='inspections_deadline', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='deadline',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "inspections_deadlineevent" ("due_at", "due_on", "first_due_on", "follow_up_rule_id", "id", "inspection_id", "kind", "label", "met_by_id", "met_note", "met_on", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "responsible", "subject_id") VALUES (OLD."due_at", OLD."due_on", OLD."first_due_on", OLD."follow_up_rule_id", OLD."id", OLD."inspection_id", OLD."kind", OLD."label", OLD."met_by_id", OLD."met_note", OLD."met_on", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."responsible", OLD."subject_id"); RETURN NULL;', hash='8ba989b71c2438ed23b4858b28baf01d70d2562d', operation='DELETE', pgid='pgtrigger_delete_delete_5c838', table='inspections_deadline', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='deadline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('follow_up_rule__isnull', True), ('kind', 'recommendation'), ('subject_id__isnull', False)), models.Q(('follow_up_rule__isnull', False), ('kind', 'follow_up')), models.Q(('follow_up_rule__isnull', True), ('kind', 'self_assessment')), models.Q(('due_at__isnull', False), ('follow_up_rule__isnull', True), ('kind__in', ['referral_acknowledgement', 'referral_answer']), ('subject_id__isnull', False)), _connector='OR'), name='deadline_kind_has_its_subject'),
        ),
        migrations.AddConstraint(
            model_name='framework',
            constraint=models.CheckConstraint(condition=models.Q(('referral_acknowledge_hours__gt', 0), ('referral_answer_hours__gte', models.F('referral_acknowledge_hours'))), name='framework_referral_hours_in_order'),
        ),
        migrations.AddConstraint(
            model_name='indicator',
            constraint=models.UniqueConstraint(fields=('id', 'framework'), name='indicator_with_framework'),
        ),
        migrations.AddField(
            model_name='delaycause',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delay_causes', to='inspections.framework'),
        ),
        migrations.AddField(
            model_name='eventtype',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='event_types', to='inspections.framework'),
        ),
        migrations.AddField(
            model_name='fact',
            name='area',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='inspections.area'),
        ),
        migrations.AddField(
            model_name='fact',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='inspections.framework'),
        ),
        migrations.AddField(
            model_name='wait',
            name='area',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waits', to='inspections.area'),
        ),
        migrations.AddField(
            model_name='wait',
            name='end',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inspections.fact'),
        ),
        migrations.AddField(
            model_name='wait',
            name='framework',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='waits', to='inspections.framework'),
        ),
        migrations.AddField(
            model_name='wait',
            name='start',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='inspections.fact'),
        ),
        migrations.AddConstraint(
            model_name='delaycause',
            constraint=models.UniqueConstraint(fields=('framework', 'code'), name='delay_cause_code_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='delaycause',
            trigger=pgtrigger.compiler.Trigger(name='frozen_once_used', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM inspections_inspection\n                WHERE framework_id IN (NEW.framework_id, OLD.framework_id)\n            ) THEN\n                RAISE EXCEPTION 'an inspection uses this framework, so it can no longer change'\n                    USING ERRCODE = 'restrict_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='d6b6e453fff26039a7e6327c7121ddf6514d5abc', operation='UPDATE OR DELETE OR INSERT', pgid='pgtrigger_frozen_once_used_b3871', table='inspections_delaycause', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='eventtype',
            constraint=models.UniqueConstraint(fields=('framework', 'code'), name='event_type_code_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='eventtype',
            trigger=pgtrigger.compiler.Trigger(name='frozen_once_used', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM inspections_inspection\n                WHERE framework_id IN (NEW.framework_id, OLD.framework_id)\n            ) THEN\n                RAISE EXCEPTION 'an inspection uses this framework, so it can no longer change'\n                    USING ERRCODE = 'restrict_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='f88c4f8e380686a8356dae46056666ea8f80e1c0', operation='UPDATE OR DELETE OR INSERT', pgid='pgtrigger_frozen_once_used_c4dc6', table='inspections_eventtype', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.UniqueConstraint(fields=('area', 'code'), name='fact_code_once'),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'choice'), ('options__len__gt', 0)), models.Q(models.Q(('kind', 'choice'), _negated=True), ('options__len', 0)), _connector='OR'), name='fact_has_choices_if_it_is_one'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='fact',
            trigger=pgtrigger.compiler.Trigger(name='frozen_once_used', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM inspections_inspection\n                WHERE framework_id IN (NEW.framework_id, OLD.framework_id)\n            ) THEN\n                RAISE EXCEPTION 'an inspection uses this framework, so it can no longer change'\n                    USING ERRCODE = 'restrict_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='f5d89e03fb51f5159c264e61780c8bc0a62a017a', operation='UPDATE OR DELETE OR INSERT', pgid='pgtrigger_frozen_once_used_fd755', table='inspections_fact', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='wait',
            constraint=models.UniqueConstraint(fields=('area', 'code'), name='wait_code_once'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='wait',
            trigger=pgtrigger.compiler.Trigger(name='frozen_once_used', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n            IF EXISTS (\n                SELECT 1 FROM inspections_inspection\n                WHERE framework_id IN (NEW.framework_id, OLD.framework_id)\n            ) THEN\n                RAISE EXCEPTION 'an inspection uses this framework, so it can no longer change'\n                    USING ERRCODE = 'restrict_violation';\n            END IF;\n            IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n            RETURN NEW;\n        ", hash='931cc72abadbdf7630c3845ba581921f6a8cea7f', operation='UPDATE OR DELETE OR INSERT', pgid='pgtrigger_frozen_once_used_84e75', table='inspections_wait', when='BEFORE')),
        ),
    ]
