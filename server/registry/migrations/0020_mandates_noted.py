from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0019_recalls_and_copies'),
    ]

    operations = [
        migrations.AddField(
            model_name='delegation',
            name='noted_at',
            field=models.DateTimeField(null=True),
        ),
    ]
