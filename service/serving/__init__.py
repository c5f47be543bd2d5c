"""How the service is started, watched and stopped: above every room, like cli.py."""
