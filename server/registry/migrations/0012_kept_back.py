"""A case file that a unit keeps back: the day that the rules gave, and why."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0011_extracts")]

    operations = [
        migrations.AddField(
            model_name="casefile",
            name="kept_from",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="casefile",
            name="kept_reason",
            field=models.CharField(blank=True, default="", max_length=1000),
        ),
    ]
