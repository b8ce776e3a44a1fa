"""The public addresses where anybody checks a PDF, or the code on paper.

The second stands in QR codes: it must never change.
"""

from __future__ import annotations

from django.urls import path

from server.registry.views import verifying

urlpatterns = [
    path("verify/", verifying.verify_file, name="verify"),
    path("verify/<str:code>", verifying.verify_code, name="verify_code"),
]
