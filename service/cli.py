"""`biendao`: what an operator does at the command line; one function is one command."""

import platform
import sys
from typing import Annotated

import typer

from service.commands import badges, keys, retention
from service.commands.tools import read_settings, say
from service.settings import Settings
from service.store.folders import CannotStart, data_folder

app = typer.Typer(
    name="biendao", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False, help=__doc__
)


app.add_typer(keys.app, name="keys")
app.add_typer(badges.app, name="badges")
app.command("purge")(retention.purge)


def main() -> None:
    """Runs one command; a problem is one line on standard error and exit code 1."""
    try:
        app(standalone_mode=True)
    except CannotStart as problem:
        typer.echo(str(problem), err=True)
        sys.exit(1)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="The port to listen on.")] = None,
    workers: Annotated[int | None, typer.Option(help="How many worker processes.")] = None,
) -> None:
    """Starts the database and the service; Ctrl-C stops both."""
    from service.serving import start  # noqa: PLC0415 (other commands don't wait for what it imports)

    start.serve(read_settings(host=host, port=port, workers=workers), say)


@app.command()
def migrate() -> None:
    """Brings the database to the newest schema."""
    from service.serving import opening  # noqa: PLC0415

    with opening.open_database(read_settings()) as url:
        opening.migrate(url)
    say("The schema is up to date.")


@app.command()
def demo() -> None:
    """Loads the demo city into an empty database (never in production)."""
    from service.serving import opening, start  # noqa: PLC0415

    settings = read_settings(demo=True)
    if settings.environment == "production":
        raise CannotStart("The demo city is never loaded in production")
    with opening.open_database(settings) as url:
        opening.migrate(url)
        ready = {"database_url": url, "secret_key": opening.secret_key(settings)}
        sign_ins = start.load_demo(settings.model_copy(update=ready), say)
    for role, email, password in sign_ins:
        say(f"{role:<10} {email}  {password}")


@app.command()
def worker() -> None:
    """Makes print jobs and sends mail, where `biendao serve` runs with BIENDAO_BACKGROUND=false."""
    from service.serving import opening, work  # noqa: PLC0415

    settings = read_settings()
    with opening.open_database(settings) as url:
        ready = {"database_url": url, "secret_key": opening.secret_key(settings)}
        work.run(settings.model_copy(update=ready))


@app.command("staff")
def add_staff(
    email: Annotated[str, typer.Option(help="Their address; they sign in with it.")],
    name: Annotated[str, typer.Option(help="Their name.")],
    role: Annotated[str, typer.Option(help="admin, organiser, reviewer, door_lead or viewer.")] = "admin",
    organisation: Annotated[str, typer.Option(help="The organisation's Vietnamese name; empty: all.")] = "",
    password: Annotated[str, typer.Option(prompt=True, hide_input=True, confirmation_prompt=True)] = "",
) -> None:
    """Adds a member of staff, such as the first administrator; asks for the password."""
    from service.serving import opening, staffing  # noqa: PLC0415

    settings = read_settings()
    with opening.open_database(settings) as url:
        staffing.add(url, email=email, name=name, role=role, organisation=organisation, password=password)
    say(f"{email} may sign in.")


@app.command()
def doctor() -> None:
    """Tells the versions, the folders, and whether the database answers."""
    from service.app import VERSION  # noqa: PLC0415
    from service.serving import opening  # noqa: PLC0415

    settings = read_settings()
    say(f"Biển Đảo {VERSION}, Python {platform.python_version()}, {settings.environment}")
    say(f"Data folder: {data_folder(settings.data_dir)}")
    say(f"Database: {'BIENDAO_DATABASE_URL' if settings.database_url else 'embedded'}")
    with opening.open_database(settings) as url:
        major, revision, newest = opening.look_at(url)
    say(f"PostgreSQL {major} answers; schema {revision or 'none'}, newest {newest}")
    if revision != newest:
        raise CannotStart("The schema is not the newest: biendao migrate")


@app.command("settings")
def show_settings(
    markdown: Annotated[bool, typer.Option(help="The table of docs/operate.md, without values.")] = False,
) -> None:
    """Lists every setting: its name, its value (secrets are hidden), its meaning."""
    if markdown:
        say("\n".join(settings_table()))
        return
    chosen = read_settings()
    for name, field in Settings.model_fields.items():
        say(f"BIENDAO_{name.upper()} = {shown(name, getattr(chosen, name))}")
        say(f"    {field.description}")


def settings_table() -> list[str]:
    """Every setting with its default and its meaning, as the lines of a table in Markdown."""
    rows = [
        f"| `BIENDAO_{name.upper()}` | {shown(name, field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return ["| Setting | Default | Meaning |", "| --- | --- | --- |", *rows]


def shown(name: str, value: object) -> str:
    """A setting's value as it may be shown: no secret, no password of a database."""
    if value in ("", None):
        return "(empty)"
    if name in ("secret_key", "apple_key_password", "smtp_password"):
        return "(hidden)"
    if name == "database_url":
        head, separator, rest = str(value).rpartition("@")
        return f"{head.partition('://')[0]}://(hidden)@{rest}" if separator else rest
    return str(value)


if __name__ == "__main__":
    main()
