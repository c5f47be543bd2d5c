"""Badges: how they look, printing one and many, and where each one is."""

from service.usecases.badges.designs import keep_class, keep_logo, list_classes, open_logo, remove_class, remove_logo
from service.usecases.badges.desk import MOST_AT_ONCE, Desk, open_desk
from service.usecases.badges.faces import faces_of, keep_portrait, open_portrait, remove_portrait
from service.usecases.badges.handing import HandoverFile, hand_over, note_badge, open_handover, receipt
from service.usecases.badges.jobs import JobFile, cancel_job, open_job, open_part, start_job, whole_job, work_one_part
from service.usecases.badges.overview import (
    SINGLE,
    ClassFacts,
    Design,
    find_holders,
    open_classes,
    open_design,
    show_logo,
)
from service.usecases.badges.single import print_badge
from service.usecases.badges.templates import TemplateInUse, change_template, preview, read_template
from service.usecases.badges.watching import JobList, JobWatch, list_jobs, watch_job

__all__ = [
    "MOST_AT_ONCE",
    "SINGLE",
    "ClassFacts",
    "Design",
    "Desk",
    "HandoverFile",
    "JobFile",
    "JobList",
    "JobWatch",
    "TemplateInUse",
    "cancel_job",
    "change_template",
    "faces_of",
    "find_holders",
    "hand_over",
    "keep_class",
    "keep_logo",
    "keep_portrait",
    "list_classes",
    "list_jobs",
    "note_badge",
    "open_classes",
    "open_design",
    "open_desk",
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
    "show_logo",
    "start_job",
    "watch_job",
    "whole_job",
    "work_one_part",
]
