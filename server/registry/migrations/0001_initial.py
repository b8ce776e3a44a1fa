import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import server.common.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.UUIDField(default=server.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('title', models.CharField(max_length=500, verbose_name='tên dự thảo')),
                ('document_type', models.CharField(max_length=10, verbose_name='loại văn bản')),
                ('state', models.CharField(choices=[('drafting', 'Đang soạn thảo')], default='drafting', max_length=20)),
                ('source', models.CharField(choices=[('blank', 'Trang trắng'), ('template', 'Mẫu của loại văn bản'), ('docx', 'Tệp Word')], max_length=10)),
                ('created_at', models.DateTimeField()),
                ('updated_at', models.DateTimeField()),
                ('archived_at', models.DateTimeField(null=True)),
                ('search_key', models.TextField()),
                ('title_key', models.BinaryField(max_length=600)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation')),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='accounts.unit')),
            ],
            options={
                'verbose_name': 'dự thảo',
                'verbose_name_plural': 'dự thảo',
            },
        ),
        migrations.CreateModel(
            name='DraftImage',
            fields=[
                ('id', models.UUIDField(default=server.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('digest', models.CharField(max_length=64)),
                ('content_type', models.CharField(max_length=40)),
                ('size_bytes', models.PositiveIntegerField()),
                ('added_at', models.DateTimeField()),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='images', to='registry.draft')),
            ],
        ),
        migrations.CreateModel(
            name='DraftShare',
            fields=[
                ('id', models.UUIDField(default=server.common.ids.new_id, editable=False, primary_key=True, serialize=False)),
                ('level', models.PositiveSmallIntegerField(choices=[(1, 'Xem'), (2, 'Góp ý'), (3, 'Đề xuất sửa'), (4, 'Sửa'), (5, 'Chủ trì')])),
                ('at', models.DateTimeField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='registry.draft')),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='draft_shares', to='accounts.unit')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='draft_shares', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['unit', '-updated_at', '-id'], name='draft_unit_updated'),
        ),
        migrations.AddIndex(
            model_name='draft',
            index=models.Index(condition=models.Q(('archived_at__isnull', True)), fields=['unit', 'title_key', 'id'], name='draft_unit_title'),
        ),
        migrations.AddConstraint(
            model_name='draftimage',
            constraint=models.UniqueConstraint(fields=('draft', 'digest'), name='draft_image_once'),
        ),
        migrations.AddIndex(
            model_name='draftshare',
            index=models.Index(fields=['user', 'level', 'draft'], name='share_user_level'),
        ),
        migrations.AddIndex(
            model_name='draftshare',
            index=models.Index(fields=['unit', 'level', 'draft'], name='share_unit_level'),
        ),
        migrations.AddConstraint(
            model_name='draftshare',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('unit__isnull', False), ('user__isnull', True)), models.Q(('unit__isnull', True), ('user__isnull', False)), _connector='OR'), name='share_user_xor_unit'),
        ),
        migrations.AddConstraint(
            model_name='draftshare',
            constraint=models.CheckConstraint(condition=models.Q(('level__range', (1, 5))), name='share_level_known'),
        ),
        migrations.AddConstraint(
            model_name='draftshare',
            constraint=models.UniqueConstraint(fields=('draft', 'user'), name='share_user_once'),
        ),
        migrations.AddConstraint(
            model_name='draftshare',
            constraint=models.UniqueConstraint(fields=('draft', 'unit'), name='share_unit_once'),
        ),
    ]
