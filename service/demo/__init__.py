"""The demo city: real venues and past exhibitions as facts, and an invented present, made through the use cases."""

from service.demo.city import SIGN_INS, load

__all__ = ["SIGN_INS", "load"]
