"""Words of the process for the pages: states, steps, acts, fields of the letterhead."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from server.registry.letterhead_words import name_of_field
from server.registry.models import (
    ApprovalStep,
    DelegationForm,
    DraftState,
    RecipientState,
    StepKind,
)
from server.registry.refusals import refused
from server.registry.workflow.table import Act, Refusal

register = template.Library()

_ACTS: dict[str, str | Promise] = {
    Act.SUBMIT: _("Trình duyệt"),
    Act.APPROVE_CONTENT: _("Duyệt nội dung"),
    Act.CHECK_FORMAT: _("Xác nhận đúng thể thức"),
    Act.APPROVE: _("Duyệt ký"),
    Act.SIGN: _("Ký số"),
    Act.ISSUE: _("Phát hành"),
    Act.FILE: _("Đưa vào lưu"),
    Act.RETURN: _("Trả lại"),
    Act.WITHDRAW: _("Rút về để sửa"),
    Act.CANCEL: _("Hủy dự thảo"),
    "sign_off": _("Ký nháy"),
}


@register.filter
def state_label(state: str) -> str:
    return str(dict(DraftState.choices).get(state, state))


@register.filter
def act_label(act: str) -> str:
    return str(_ACTS.get(act, act))


@register.filter
def step_label(step: str) -> str:
    return str(dict(ApprovalStep.choices).get(step, step))


@register.filter
def field_label(field: str) -> str:
    return name_of_field(field)


@register.filter
def form_label(form: str) -> str:
    return str(dict(DelegationForm.choices).get(form, form))


@register.filter
def recipient_step(kind: str) -> str:
    """A state of a recipient, or what else may stand in its history."""
    known = dict(RecipientState.choices) | dict(StepKind.choices)
    return str(known.get(kind, kind))


@register.filter
def get_item(values: Mapping[str, object], key: str) -> object:
    return values.get(key)


@register.filter
def refusal_text(refusal: Refusal) -> str:
    return str(refused(refusal))
