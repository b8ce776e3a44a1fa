"""Addresses of the pages about opinion rounds."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from server.review.views import opinion_answers as answers
from server.review.views import opinion_rounds as rounds

of_one_round: list[URLPattern | URLResolver] = [
    path("", rounds.opinion_round, name="opinion_round"),
    path("opinions.<str:form>", rounds.round_file, name="opinion_round_file"),
    path("<str:act>/", rounds.round_act, name="opinion_round_act"),
]

of_one_draft: list[URLPattern | URLResolver] = [
    path("", rounds.draft_opinions, name="draft_opinions"),
    path("export.xlsx", rounds.draft_opinions_file, name="draft_opinions_file"),
    path("new/", rounds.round_new, name="opinion_round_new"),
    path("find/", rounds.opinion_candidates, name="opinion_candidates"),
    path("asked/", rounds.opinion_asked, name="opinion_asked"),
    path("question/", rounds.question_row, name="opinion_question_row"),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("opinions/", answers.opinion_list, name="opinion_list"),
    path("opinions/export.xlsx", answers.opinion_list_file, name="opinion_list_file"),
    path("opinions/count/", answers.opinion_count, name="opinion_count"),
    path("opinions/<uuid:request_id>/", answers.opinion_answer, name="opinion_answer"),
    path("opinion-rounds/<uuid:round_id>/", include(of_one_round)),
    path("drafts/<uuid:draft_id>/opinions/", include(of_one_draft)),
]
