"""Copies of documents that were received, each of one attached file."""

from __future__ import annotations

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0012_kept_back")]

    operations = [
        migrations.AlterField(
            model_name="documentcopy",
            name="source",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies_made",
                to="registry.outgoingdocument",
            ),
        ),
        migrations.AddField(
            model_name="documentcopy",
            name="incoming",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="copies_made",
                to="registry.incomingdocument",
            ),
        ),
        migrations.AddField(
            model_name="documentcopy",
            name="file",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="registry.incomingfile",
            ),
        ),
        migrations.AddIndex(
            model_name="documentcopy",
            index=models.Index(fields=["incoming", "at"], name="copies_of_incoming"),
        ),
        migrations.AddConstraint(
            model_name="documentcopy",
            constraint=models.CheckConstraint(
                name="copy_of_one_document",
                condition=models.Q(
                    file__isnull=True, incoming__isnull=True, source__isnull=False
                )
                | models.Q(
                    file__isnull=False, incoming__isnull=False, source__isnull=True
                ),
            ),
        ),
    ]
