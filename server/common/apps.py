from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "server.common"
    label = "common"
    verbose_name = "Nhật ký"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from server.common import column_lengths

        column_lengths.watch()
