"""Badges: how they look, printing one and many, and where each one is."""

from service.usecases.badges.designs import keep_class, keep_logo, list_classes, open_logo, remove_class, remove_logo
from service.usecases.badges.faces import faces_of, keep_portrait, open_portrait, remove_portrait
from service.usecases.badges.handing import HandoverFile, hand_over, note_badge, open_handover, receipt
from service.usecases.badges.jobs import JobFile, cancel_job, open_job, open_part, start_job, whole_job, work_one_part
from service.usecases.badges.single import print_badge
from service.usecases.badges.templates import TemplateInUse, change_template, preview, read_template

__all__ = [
    "HandoverFile",
    "JobFile",
    "TemplateInUse",
    "cancel_job",
    "change_template",
    "faces_of",
    "hand_over",
    "keep_class",
    "keep_logo",
    "keep_portrait",
    "list_classes",
    "note_badge",
    "open_handover",
    "open_job",
    "open_logo",
    "open_part",
    "open_portrait",
    "preview",
    "print_badge",
    "read_template",
    "receipt",
    "remove_class",
    "remove_logo",
    "remove_portrait",
    "start_job",
    "whole_job",
    "work_one_part",
]
