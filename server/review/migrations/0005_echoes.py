from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0004_field_suggestions'),
    ]

    operations = [
        migrations.AddField(
            model_name='thread',
            name='echo',
            field=models.SmallIntegerField(default=0),
        ),
    ]
