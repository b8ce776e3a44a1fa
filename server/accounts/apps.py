from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "server.accounts"
    label = "accounts"
    verbose_name = "Tài khoản và đơn vị"
    default_auto_field = "django.db.models.BigAutoField"
