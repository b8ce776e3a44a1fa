from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0018_attached_words'),
    ]

    operations = [
        migrations.AlterField(
            model_name='recipient',
            name='state',
            field=models.CharField(choices=[('to_send', 'Chờ gửi'), ('sent', 'Đã gửi'), ('delivered', 'Đã đến'), ('opened', 'Đã xem'), ('accepted', 'Đã tiếp nhận'), ('refused', 'Đã từ chối'), ('processing', 'Đang xử lý'), ('done', 'Đã xử lý')], max_length=12),
        ),
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('recall_state', 'asked')), fields=['organisation', 'unit', 'person'], name='received_to_confirm'),
        ),
        migrations.AddIndex(
            model_name='documentcopy',
            index=models.Index(fields=['pdf'], name='copies_by_file'),
        ),
    ]
