from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0006_word_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='opinionround',
            name='heard_seq',
            field=models.PositiveBigIntegerField(null=True),
        ),
        migrations.AddField(
            model_name='opinionround',
            name='suggested_by',
            field=models.JSONField(default=list),
        ),
    ]
