from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0015_copies_of_signed_files'),
    ]

    operations = [
        migrations.AlterField(
            model_name='searchentry',
            name='kind',
            field=models.CharField(choices=[('draft', 'Dự thảo'), ('outgoing', 'Văn bản đi'), ('incoming', 'Văn bản đến'), ('received', 'Văn bản nhận được')], max_length=10),
        ),
    ]
