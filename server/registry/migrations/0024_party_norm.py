from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0023_search_of_files'),
    ]

    operations = [
        migrations.AddField(
            model_name='officepolicy',
            name='norm',
            field=models.CharField(choices=[('state', 'Nhà nước'), ('party', 'Đảng')], default='state', max_length=10, verbose_name='thể thức văn bản'),
        ),
    ]
