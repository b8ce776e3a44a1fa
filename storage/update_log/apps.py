from django.apps import AppConfig


class UpdateLogConfig(AppConfig):
    name = "storage.update_log"
    label = "update_log"
    verbose_name = "Nhật ký soạn thảo"
    default_auto_field = "django.db.models.BigAutoField"
