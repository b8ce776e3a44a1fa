from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "server.review"
    label = "review"
    verbose_name = "Góp ý và phiên bản"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from server.common import outbox
        from server.registry import exports
        from server.review.actions import steps
        from server.review.word.exporting import export_with_review

        outbox.listen(steps.hear)
        exports.with_review.fill(export_with_review)
