"""Interactions that Discord's own client would not send: hidden commands, and any `custom_id`."""

from __future__ import annotations

from typing import Any

from simcord import actors, interactions
from simcord.backend import serializers
from simcord.builders import ChannelHandle
from simcord.enums import AppCommandType, InteractionType

from tests.conftest import World

BUTTON, STRING_SELECT, ROLE_SELECT = 2, 3, 6


async def command(
    world: World,
    actor: Any,
    channel: Any,
    name: str,
    /,
    *,
    typed: str = "",
    partial: bool = False,
    **options: Any,
) -> Any:
    """Use a slash command as `actor`, whether or not the client offers it.

    `typed`: the option that is being typed, to get its choices instead. `partial`: without options that are required.
    """
    root_name, *path = name.split()
    root = world.env.backend.find_command(root_name, None)
    leaf, nesting = interactions.walk_to_subcommand(root, path)
    built, resolved = interactions.build_options(
        actor, name, leaf, options, partial=partial or bool(typed), channel_id=channel.id
    )
    kind = InteractionType.APPLICATION_COMMAND
    if typed:
        kind = InteractionType.APPLICATION_COMMAND_AUTOCOMPLETE
        built.append({"name": typed, "type": 3, "value": "", "focused": True})
    data = {
        "id": root["id"],
        "name": root["name"],
        "type": AppCommandType.CHAT_INPUT,
        "options": interactions.nest_options(root, nesting, built),
        "resolved": resolved,
    }
    return await actors._dispatch_actor_interaction(actor, kind, channel, data)


async def message_command(world: World, actor: Any, channel: Any, name: str, content: str) -> Any:
    """Use a command of a message's menu as `actor`, whether or not the client offers it."""
    backend = world.env.backend
    root = backend.find_command(name, None, type=AppCommandType.MESSAGE)
    target = backend.prepare_message(channel.id, actor.id, content)
    message = dict(serializers.message_payload(backend, target))
    data = {
        "id": root["id"],
        "name": name,
        "type": AppCommandType.MESSAGE,
        "target_id": str(target.id),
        "resolved": {"messages": {str(target.id): message}},
    }
    return await actors._dispatch_actor_interaction(
        actor, InteractionType.APPLICATION_COMMAND, channel, data
    )


def stand(
    world: World,
    channel: Any,
    custom_id: str,
    kind: int = BUTTON,
    values: tuple[str, ...] = (),
) -> Any:
    """Send a public message of the bot's with a button or menu that has this `custom_id`."""
    item: dict[str, Any] = {"type": kind, "custom_id": custom_id}
    if kind == BUTTON:
        item |= {"style": 2, "label": "x"}
    elif kind == STRING_SELECT:
        item["options"] = [{"label": value, "value": value} for value in values]
    else:
        item |= {"min_values": 0, "max_values": 25}
    row = {"type": 1, "components": [item]}
    backend = world.env.backend
    return backend.create_message(channel.id, backend.bot_user.id, "Public", components=[row])


async def component(
    actor: Any, message: Any, custom_id: str, kind: int = BUTTON, values: tuple[str, ...] = ()
) -> Any:
    """Use a button or menu with this `custom_id` as if it stood under `message`."""
    data: dict[str, Any] = {"custom_id": custom_id, "component_type": kind}
    if kind != BUTTON:
        data |= {"values": list(values), "resolved": _roles(actor, values)}
    return await actors._component_interaction(actor, message, data)


def _roles(actor: Any, values: tuple[str, ...]) -> dict[str, Any]:
    guild = getattr(actor, "guild", None)
    roles = {} if guild is None else {str(role.id): role for role in guild._guild.roles.values()}
    payloads = {v: dict(serializers.role_payload(roles[v])) for v in values if v in roles}
    return {"roles": payloads} if payloads else {}


async def form(actor: Any, message: Any, custom_id: str, values: dict[str, str]) -> Any:
    """Submit a form with this `custom_id` as if it had been opened under `message`."""
    rows = [
        {"type": 18, "component": {"type": 4, "custom_id": name, "value": value}}
        for name, value in values.items()
    ]
    data = {"custom_id": custom_id, "components": rows}
    backend = actor._env.backend
    guild, channel = getattr(actor, "guild", None), backend.get_channel(message.channel_id)
    return await actors._dispatch_actor_interaction(
        actor,
        InteractionType.MODAL_SUBMIT,
        ChannelHandle(actor._env, guild, channel),
        data,
        extra={"message": dict(serializers.message_payload(backend, message))},
        source_message_id=message.id,
    )
