"""A stand-in for Discord over real sockets: gateway and REST, strict about what it accepts.

    async with Standin.serve() as discord:
        server = discord.world.add_server("Lab")
        ...

It checks every request against Discord's own description of its API, hides what Discord hides from
bots without the message-content intent, enforces limits and deadlines, and fails on demand.
"""
