from django.apps import AppConfig


class ReproductionsConfig(AppConfig):
    name = "reproductions"
    verbose_name = "reproduced numbers"
