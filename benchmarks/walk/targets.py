"""Messages on which the commands of a message's menu are used."""

from __future__ import annotations

from benchmarks.scenarios.in_process import InProcess
from benchmarks.standin import payloads
from benchmarks.standin.payloads import JSON
from benchmarks.walk.people import Walker


def targets(stage: InProcess, walker: Walker) -> list[JSON]:
    """Messages of every kind: of members, of the bot, empty, long, with files, forwarded."""

    def said(content: str, **more: object) -> JSON:
        return payloads.message(stage.member, walker.channel, content, **more)

    own = stage.discord.world.said_by_bot(walker.channel["id"])[-1:]
    image = {"id": "1", "filename": "a.png", "size": 5, "url": "http://x/a.png", "proxy_url": "x"}
    inside = {"content": "The stairs have 212 steps.", "type": 0, "timestamp": payloads.now(),
              "edited_timestamp": None, "attachments": [], "embeds": [], "mentions": [], "flags": 0,
              "mention_roles": [], "components": []}  # fmt: skip
    return [
        *own, said("Its lamp burned whale oil until 1902, they say."), said("Nothing of the kind."),
        said(""), said("x" * 4000), said("", attachments=[image | {"content_type": "image/png"}]),
        said("", message_snapshots=[{"message": inside}], flags=1 << 14),
        said("", embeds=[{"type": "rich", "description": "whale oil"}]), said("", type=7),
        said("poll", poll={"question": {"text": "?"}, "answers": [], "expiry": payloads.now(),
                           "allow_multiselect": False, "layout_type": 1}),
        said("", sticker_items=[{"id": "5", "name": "wave", "format_type": 1}]),
    ]  # fmt: skip
