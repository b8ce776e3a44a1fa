

import django.db.models.deletion
import server.common.ids
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
        ('registry', '0005_stamps'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='DocumentLink',
            fields=[
                ('source', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='link', serialize=False, to='registry.outgoingdocument')),
                ('kind', models.CharField(choices=[('replaces', 'Thay thế'), ('corrects', 'Đính chính')], max_length=10)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='DraftLink',
            fields=[
                ('draft', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='link', serialize=False, to='registry.draft')),
                ('kind', models.CharField(choices=[('replaces', 'Thay thế'), ('corrects', 'Đính chính')], max_length=10)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='IssueChain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('length', models.PositiveBigIntegerField(default=0)),
                ('head', models.CharField(blank=True, default='', max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name='IssuedFiles',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=24, unique=True)),
                ('docx', models.CharField(max_length=64)),
                ('pdf', models.CharField(db_index=True, max_length=64)),
                ('state', models.CharField(max_length=64)),
                ('content', models.CharField(max_length=64)),
                ('is_signed', models.BooleanField()),
            ],
        ),
        migrations.CreateModel(
            name='IssueRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.PositiveBigIntegerField()),
                ('kind', models.CharField(choices=[('issued', 'Phát hành'), ('recalled', 'Thu hồi văn bản'), ('replaced', 'Thay thế'), ('corrected', 'Đính chính')], max_length=10)),
                ('previous', models.CharField(blank=True, max_length=64)),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('payload', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Recall',
            fields=[
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='recall', serialize=False, to='registry.outgoingdocument')),
                ('reason', models.CharField(max_length=1000)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Recipient',
            fields=[
                ('id', models.UUIDField(default=server.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=200)),
                ('channel', models.CharField(choices=[('in_app', 'Trên hệ thống'), ('paper', 'Bản giấy'), ('email', 'Thư điện tử'), ('exchange', 'Trục liên thông')], max_length=10)),
                ('address', models.CharField(blank=True, default='', max_length=200)),
                ('purpose', models.CharField(blank=True, default='', max_length=100)),
                ('must_act', models.BooleanField(default=False)),
                ('deadline', models.DateField(null=True)),
                ('state', models.CharField(choices=[('sent', 'Đã gửi'), ('delivered', 'Đã đến'), ('opened', 'Đã xem'), ('accepted', 'Đã tiếp nhận'), ('refused', 'Đã từ chối'), ('processing', 'Đang xử lý'), ('done', 'Đã xử lý')], max_length=12)),
                ('state_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('chased', models.PositiveSmallIntegerField(default=0)),
                ('chased_at', models.DateTimeField(null=True)),
                ('recall_state', models.CharField(blank=True, choices=[('', 'Không'), ('asked', 'Chờ xác nhận'), ('confirmed', 'Đã xác nhận')], default='', max_length=10)),
            ],
            options={
                'ordering': ['position', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RecipientStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=20)),
                ('note', models.CharField(blank=True, default='', max_length=1000)),
                ('at', models.DateTimeField()),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='SignedCopy',
            fields=[
                ('id', models.UUIDField(default=server.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('pdf', models.CharField(max_length=64)),
                ('code', models.CharField(max_length=24, unique=True)),
                ('year', models.PositiveSmallIntegerField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.RemoveIndex(
            model_name='draft',
            name='draft_in_process',
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(('state__in', ['in_review', 'content_approved', 'format_checked', 'approved'])), fields=['state', 'state_at'], name='draft_in_process'),
        ),
        migrations.AddField(
            model_name='documentlink',
            name='target',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='linked_by', to='registry.outgoingdocument'),
        ),
        migrations.AddField(
            model_name='draftlink',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='draftlink',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='draft_links', to='registry.outgoingdocument'),
        ),
        migrations.AddField(
            model_name='issuechain',
            name='organisation',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='issuedfiles',
            name='document',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='issued_files', to='registry.outgoingdocument'),
        ),
        migrations.AddField(
            model_name='issuerecord',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issue_records', to='registry.outgoingdocument'),
        ),
        migrations.AddField(
            model_name='issuerecord',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='issue_records', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='recall',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recipient',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recipients', to='registry.outgoingdocument'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='incoming',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='received_as', to='registry.incomingdocument'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='organisation',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
        ),
        migrations.AddField(
            model_name='recipient',
            name='person',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recipient',
            name='state_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recipient',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.unit'),
        ),
        migrations.AddField(
            model_name='recipientstep',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='recipientstep',
            name='recipient',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='registry.recipient'),
        ),
        migrations.AddField(
            model_name='signedcopy',
            name='approval',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signed_copies', to='registry.approval'),
        ),
        migrations.AddField(
            model_name='signedcopy',
            name='draft',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signed_copies', to='registry.draft'),
        ),
        migrations.AddField(
            model_name='signedcopy',
            name='signed_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='issuerecord',
            constraint=models.UniqueConstraint(fields=('organisation', 'sequence'), name='issue_record_once'),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('organisation__isnull', False)), fields=['organisation', '-sent_at', '-id'], name='received_by_organisation'),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('unit__isnull', False)), fields=['unit', '-sent_at', '-id'], name='received_by_unit'),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('person__isnull', False)), fields=['person', '-sent_at', '-id'], name='received_by_person'),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('state__in', ['sent', 'delivered'])), fields=['organisation', 'unit', 'person'], name='received_unopened'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('organisation__isnull', False), ('person', None), ('unit', None)), models.Q(('organisation', None), ('person', None), ('unit__isnull', False)), models.Q(('organisation', None), ('person__isnull', False), ('unit', None)), models.Q(('organisation', None), ('person', None), ('unit', None)), _connector='OR'), name='recipient_is_one_thing'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(condition=models.Q(('organisation__isnull', False)), fields=('document', 'organisation'), name='recipient_organisation_once'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(condition=models.Q(('unit__isnull', False)), fields=('document', 'unit'), name='recipient_unit_once'),
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(condition=models.Q(('person__isnull', False)), fields=('document', 'person'), name='recipient_person_once'),
        ),
        migrations.AddIndex(
            model_name='signedcopy',
            index=models.Index(fields=['approval', 'at'], name='signed_copy_of'),
        ),
    ]
