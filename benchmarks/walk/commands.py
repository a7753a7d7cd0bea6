"""How each command is used on the walk: a line of options for each use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from benchmarks.scenarios.in_process import InProcess
from benchmarks.standin import payloads
from benchmarks.standin.payloads import JSON
from benchmarks.walk.people import Walker
from benchmarks.walk.texts import QUESTION, archive

Options = Mapping[str, Any]

TYPED = {"source": "li", "text": "harbour", "zone": "berl", "channel": ""}
"""What is typed into an option that suggests something."""

LAST = ["privacy", "settings", "knowledge remove", "daily remove", "reload"]
"""Commands that remove something that others need."""


def uses(stage: InProcess, walker: Walker) -> dict[str, Sequence[Options]]:
    """How each command is used, by its name."""
    channel, role = walker.channel["id"], stage.server["id"]
    files = [
        _file(stage, "owls.md", b"Owls see in the dark.\n\nThey hunt mice."),
        _file(stage, "letters.zip", archive()),
        _file(stage, "broken.docx", b"PK\x03\x04 no document"),
    ]
    message = stage.discord.world.keep(
        payloads.message(stage.member, stage.channel, "The stairs of the tower are steep.")
    )
    link = f"https://discord.com/channels/{role}/{stage.channel['id']}/{message['id']}"
    place = {"channel": channel}
    return {
        "ask": [
            {"question": "tl;dr"},
            {"question": QUESTION}, {"question": QUESTION, "private": True},
            {"question": "Which keepers wrote a log of the light?"},
            {"question": "Who is the mayor of Atlantis?"}, {"question": "Who bilt the harbuor lihgt?"},
            {"question": "When did the ligth travel to the moon in Apollo?"},
            {"question": QUESTION, "source": "light"}, {"question": QUESTION, "source": "no such text"},
            {"question": "hello"}, {"question": "Which texts are there?"}, {"question": "Summarise it"},
            {"question": "Who wrote the text?"}, {"question": '"The Keepers of the Light" 1-12'},
            {"question": "?" * 500},
        ],
        "help": [{}],
        "me": [{}],
        "quote": [{"text": "whale oil"}, {"text": "p. 3"}, {"text": "posts 1-3"}, {"text": "xyzzy"}],
        "random": [{}, {"source": "light"}],
        "read": [{"source": "keepers"}, {"source": "notes", "post": 2}, {"source": "nothing"}],
        "sources": [{}],
        "privacy": [{}, {"forget": True}],
        "check": [{}],
        "gaps": [{}, {"days": 7}],
        "stats": [{}],
        "settings": [{}],
        "reload": [{}, {"strict": True}],
        "daily set": [
            {**place, "time": "8:30", "zone": "Europe/Berlin"},
            {**place, "time": "25:99", "zone": "Europe/Berlin"},
            {**place, "time": "9", "zone": "UTC", "source": "light", "order": "in order", "role": role},
            {"channel": "1", "time": "9", "zone": "Nowhere"},
        ],
        "daily status": [{}],
        "daily pause": [place, {"channel": "nowhere"}],
        "daily resume": [place],
        "daily remove": [place],
        "knowledge add": [
            *({"file": file} for file in [files[0]] * 3 + files[1:]),
            {"link": link}, {"link": "https://example.org"}, {"channel": channel, "last": 3}, {},
        ],
        "knowledge show": [{"source": "light"}, {"source": "nothing"}],
        "knowledge history": [{}],
        "knowledge remove": [{"source": "spare1"}, {"source": "spare2"}],
    }  # fmt: skip


def _file(stage: InProcess, name: str, content: bytes) -> str:
    """Put a file where a member's client would, and return its id."""
    number = payloads.snowflake()
    stage.discord.world.files[name] = content
    url = f"{stage.discord.url}attachments/{name}"
    attachment: JSON = {
        "id": number, "filename": name, "size": len(content), "url": url, "proxy_url": url,
    }  # fmt: skip
    stage.discord.world.attachments[number] = attachment
    return number


def names_of(command: JSON) -> list[str]:
    """The names under which a command can be used: a group's commands by both names."""
    inner = [option["name"] for option in command.get("options", ()) if option["type"] == 1]
    name = command["name"]
    return [f"{name} {one}" for one in inner] if inner else [name]


def suggesting(command: JSON, name: str) -> list[str]:
    """The options of a command that suggest something."""
    options = command.get("options", ())
    inner = name.partition(" ")[2]
    if inner:
        options = next(option["options"] for option in options if option["name"] == inner)
    return [option["name"] for option in options if option.get("autocomplete")]
