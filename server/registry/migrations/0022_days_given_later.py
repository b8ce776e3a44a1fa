from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0021_incoming_periods'),
    ]

    operations = [
        migrations.AlterField(
            model_name='issuerecord',
            name='kind',
            field=models.CharField(choices=[('issued', 'Phát hành'), ('recalled', 'Thu hồi văn bản'), ('replaced', 'Thay thế'), ('corrected', 'Đính chính'), ('deadline', 'Ghi hạn giải quyết')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('deadline', None), ('must_act', True)), fields=['document'], name='recipient_without_day'),
        ),
    ]
