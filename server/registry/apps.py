from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "server.registry"
    label = "registry"
    verbose_name = "Dự thảo và văn bản"
    default_auto_field = "django.db.models.BigAutoField"
