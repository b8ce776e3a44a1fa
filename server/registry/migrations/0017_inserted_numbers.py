from django.db import migrations, models


def keep_what_was_allowed(apps, schema_editor):
    """Where the clerk had said so in a register, numbers go on being inserted."""
    policies = apps.get_model("registry", "OfficePolicy")
    registers = apps.get_model("registry", "Register")
    allowed = registers.objects.filter(allows_suffix=True)
    for office in allowed.values_list("organisation_id", flat=True).distinct():
        policies.objects.update_or_create(
            organisation_id=office, defaults={"inserts_numbers": True}
        )


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0016_search_received'),
    ]

    operations = [
        migrations.AddField(
            model_name='officepolicy',
            name='inserts_numbers',
            field=models.BooleanField(default=False, verbose_name='chèn số (12a) cho văn bản của ngày đã qua'),
        ),
        migrations.RunPython(keep_what_was_allowed, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='register',
            name='allows_suffix',
        ),
    ]
