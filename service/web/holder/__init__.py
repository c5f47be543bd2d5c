"""The pages of those who hold a pass, and of those who are shown one."""

from fastapi import APIRouter

from service.web.holder import check, keeper, own

routers: list[APIRouter] = [keeper.router, own.router, check.router]
