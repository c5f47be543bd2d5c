"""Groups of commands of `biendao`; cli.py puts them together."""
