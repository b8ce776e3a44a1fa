from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('review', '0003_versions'),
    ]

    operations = [
        migrations.AddField(
            model_name='thread',
            name='echo',
            field=models.SmallIntegerField(default=0),
        ),
    ]
