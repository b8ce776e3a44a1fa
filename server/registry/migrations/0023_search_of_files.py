"""Files that are read by programs of the office, case files in the search, and, on
PostgreSQL, the stretches of days in which an entry lies as words of its vector.

The index is made anew: that is quicker than to change it for every entry.
"""

from typing import Any

from django.db import migrations, models

_STRETCHES = (
    "DROP INDEX IF EXISTS search_entry_vector",
    "UPDATE registry_searchentry SET vector = vector || array_to_tsvector("
    "ARRAY['d48x' || (id >> 48), 'd51x' || (id >> 51), 'd54x' || (id >> 54)])",
    "CREATE INDEX search_entry_vector ON registry_searchentry USING gin (vector)",
)


def add_stretches(_apps: Any, editor: Any) -> None:
    if editor.connection.vendor == "postgresql":
        for statement in _STRETCHES:
            editor.execute(statement)


class Migration(migrations.Migration):

    dependencies = [
        ('registry', '0022_days_given_later'),
    ]

    operations = [
        migrations.AddField(
            model_name='filewords',
            name='claimed_until',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='filewords',
            name='edition',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='filewords',
            name='pages',
            field=models.JSONField(default=list),
        ),
        migrations.AddField(
            model_name='filewords',
            name='pages_failed',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='filewords',
            name='pages_in_all',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='filewords',
            name='why',
            field=models.CharField(blank=True, choices=[('broken', 'tệp hỏng, có mật khẩu hoặc quá nặng'), ('lost', 'không thấy tệp trong kho, hãy báo quản trị viên'), ('no_program', 'máy chủ chưa cài chương trình đọc loại tệp này'), ('no_recogniser', 'máy chủ chưa cài chương trình nhận dạng chữ'), ('too_slow', 'đọc quá lâu nên đã dừng'), ('crashed', 'chương trình đọc bị lỗi với tệp này'), ('too_many_pages', 'quá nhiều trang, chỉ đọc các trang đầu')], default='', max_length=20),
        ),
        migrations.AlterField(
            model_name='filewords',
            name='layer',
            field=models.CharField(choices=[('words', 'có chữ'), ('none', 'không có chữ'), ('unreadable', 'không đọc được'), ('reading', 'đang đọc')], max_length=10),
        ),
        migrations.AlterField(
            model_name='searchentry',
            name='kind',
            field=models.CharField(choices=[('draft', 'Dự thảo'), ('outgoing', 'Văn bản đi'), ('incoming', 'Văn bản đến'), ('received', 'Văn bản nhận được'), ('attached', 'Văn bản đến'), ('case_file', 'Hồ sơ')], max_length=10),
        ),
        migrations.AddIndex(
            model_name='filewords',
            index=models.Index(condition=models.Q(('layer', 'reading')), fields=['-read_at'], name='file_words_reading'),
        ),
        # Words that nobody asks for do no harm, when it is taken back.
        migrations.RunPython(add_stretches, migrations.RunPython.noop),
    ]
