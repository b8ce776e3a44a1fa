"""An extract remembers which parts of the document it was made of."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0010_copies")]

    operations = [
        migrations.AddField(
            model_name="documentcopy",
            name="parts",
            field=models.JSONField(default=list),
        ),
    ]
