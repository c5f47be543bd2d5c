"""docs/operate.md tells every setting and every command as they are."""

from pathlib import Path

from typer.main import get_command

from service.cli import app, settings_table

OPERATE = (Path(__file__).parents[1] / "docs" / "operate.md").read_text()


def test_every_setting_stands_in_the_docs() -> None:
    begin, end = OPERATE.index("<!-- settings:"), OPERATE.index("<!-- /settings -->")
    told = OPERATE[begin:end].splitlines()[1:]
    assert [line for line in told if line] == settings_table(), "run: biendao settings --markdown"


def test_every_command_stands_in_the_docs() -> None:
    commands = sorted(getattr(get_command(app), "commands", {}))
    assert commands
    assert [name for name in commands if f"`biendao {name}" not in OPERATE] == []
