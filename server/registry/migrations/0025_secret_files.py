"""Attached files may be set aside for a secrecy mark."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registry", "0024_party_norm"),
    ]

    operations = [
        migrations.AlterField(
            model_name="filewords",
            name="layer",
            field=models.CharField(
                choices=[
                    ("words", "có chữ"),
                    ("none", "không có chữ"),
                    ("unreadable", "không đọc được"),
                    ("reading", "đang đọc"),
                    ("secret", "ghi độ mật"),
                ],
                max_length=10,
            ),
        ),
    ]
