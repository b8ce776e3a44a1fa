from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0018_attached_words'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='recipient',
            index=models.Index(condition=models.Q(('recall_state', 'asked')), fields=['organisation', 'unit', 'person'], name='received_to_confirm'),
        ),
        migrations.AddIndex(
            model_name='documentcopy',
            index=models.Index(fields=['pdf'], name='copies_by_file'),
        ),
    ]
