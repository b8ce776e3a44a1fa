from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "server.publishing"
    label = "publishing"
    verbose_name = "Xuất bản"
    default_auto_field = "django.db.models.BigAutoField"
