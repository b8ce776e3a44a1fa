"""What pictures of signatures and seals tell others: that one was set, not which.

The subject is the id of the person, or of the organisation.
"""

from __future__ import annotations

SIGNATURE_IMAGE_SET = "signature_image.set"
SEAL_IMAGE_SET = "seal_image.set"
