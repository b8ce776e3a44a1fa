from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def as_their_numbers(apps, schema_editor):
    """A row stands in the book of the run that its number comes from."""
    numbers = apps.get_model("registry", "IssuedNumber").objects
    of_number = numbers.filter(pk=OuterRef("issued_number_id")).values("period")
    rows = apps.get_model("registry", "IncomingDocument").objects
    rows.update(period=Subquery(of_number[:1]))


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0020_mandates_noted'),
    ]

    operations = [
        migrations.AddField(
            model_name='incomingdocument',
            name='period',
            field=models.CharField(default='', max_length=20),
            preserve_default=False,
        ),
        migrations.RunPython(as_their_numbers, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='incomingdocument',
            index=models.Index(fields=['register', 'period', '-arrived_on', '-number', '-id'], name='incoming_of_period'),
        ),
    ]
