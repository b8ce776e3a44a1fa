from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0017_inserted_numbers'),
    ]

    operations = [
        migrations.AddField(
            model_name='delegation',
            name='noted_at',
            field=models.DateTimeField(null=True),
        ),
    ]
