"""The public address where anybody checks a signed PDF."""

from __future__ import annotations

from django.urls import path

from server.registry.views import verifying

urlpatterns = [path("verify/", verifying.verify_file, name="verify")]
