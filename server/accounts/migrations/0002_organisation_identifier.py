"""The identifier that the state gives to an organisation (OrganId)."""

from __future__ import annotations

import django.core.validators
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='organisation',
            name='identifier',
            field=models.CharField(blank=True, default='', help_text='13 ký tự theo QCVN 102:2016/BTTTT, ví dụ 000.00.12.H15.', max_length=13, validators=[django.core.validators.RegexValidator('^[0-9]{3}\\.[0-9]{2}\\.[0-9]{2}\\.[A-Z][0-9]{2}$', 'Mã có dạng 000.00.12.H15 (13 ký tự).')], verbose_name='mã định danh'),
        ),
        migrations.AddConstraint(
            model_name='organisation',
            constraint=models.UniqueConstraint(condition=models.Q(('identifier', ''), _negated=True), fields=('identifier',), name='organisation_identifier_once'),
        ),
    ]
