from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "server.review"
    label = "review"
    verbose_name = "Góp ý và phiên bản"
    default_auto_field = "django.db.models.BigAutoField"
