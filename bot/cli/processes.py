"""Files that each process has for itself, when several run different shards of one bot."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.config import Config

_CONTROL = ".verbatim.socket"
_STARTS = ".verbatim.starts"


def control_path(config: Config) -> Path:
    """The socket at which the process with this config can be asked to read its texts again."""
    return _beside_key(config, f"{_CONTROL}{_suffix(config)}")


def control_paths(config: Config) -> list[Path]:
    """Where the processes of this bot on this machine can be asked, in order of their shards."""
    folder = config.storage.key_path.parent
    found = {path.name: path for path in folder.glob(f"{_CONTROL}*")}
    found.setdefault(control_path(config).name, control_path(config))
    return sorted(found.values(), key=lambda path: (len(path.name), path.name))


def process_name(control: Path) -> str:
    """What to call the process that is asked at `control`."""
    shard = control.name.removeprefix(_CONTROL).removeprefix(".")
    return f"process of shard {shard}" if shard else "process with all shards"


def history_path(config: Config) -> Path:
    """The file that records the last starts of this process."""
    return _beside_key(config, f"{_STARTS}{_suffix(config)}")


def _beside_key(config: Config, name: str) -> Path:
    return config.storage.key_path.with_name(name)


def _suffix(config: Config) -> str:
    """A part of file names; empty if this process has all shards."""
    from bot.settings.discord import ShardSettings

    shards = config.discord.shards
    return f".{shards.own_ids[0]}" if isinstance(shards, ShardSettings) and shards.ids else ""
