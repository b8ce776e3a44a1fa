from django.apps import AppConfig


class CommonConfig(AppConfig):
    name = "server.common"
    label = "common"
    verbose_name = "Nhật ký"
    default_auto_field = "django.db.models.BigAutoField"
