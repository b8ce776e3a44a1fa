from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "server.review"
    label = "review"
    verbose_name = "Góp ý và phiên bản"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from server.common import outbox
        from server.review.actions import steps

        outbox.listen(steps.hear)
