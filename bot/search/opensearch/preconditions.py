"""What must hold of a cluster before an index is built there."""

from __future__ import annotations

from bot.search.opensearch.errors import EngineError, MissingIndexError
from bot.search.opensearch.index_status import is_ours
from bot.search.opensearch.nodes import Nodes

KNN = "opensearch-knn"


def major_version(nodes: Nodes, timeout: float) -> int:
    """The first number of OpenSearch's version.

    Raises:
        EngineError: it is something else.

    """
    try:
        version = nodes.get("/", timeout)["version"]
        major = int(version["number"].split(".")[0])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise EngineError("does not say its version: is this OpenSearch?") from error
    if version.get("distribution") != "opensearch":
        said = f"version {version['number']} of something else"
        raise EngineError(f"is {said}: the bot needs OpenSearch, not Elasticsearch")
    return major


def lacks_knn(nodes: Nodes, timeout: float) -> str:
    """Why the cluster cannot search vectors; empty if it can: each of its nodes has the k-NN plugin.

    Raises:
        EngineError: it does not say.

    """
    try:
        plugins = nodes.get("/_cat/plugins?format=json&h=name,component", timeout)
        having = {one["name"] for one in plugins if one["component"] == KNN}
        every = {one["name"] for one in nodes.get("/_cat/nodes?format=json&h=name", timeout)}
    except (KeyError, TypeError) as error:
        raise EngineError("does not list its plugins: is this OpenSearch?") from error
    lacking = every - having
    if not lacking:
        return ""
    where = f", but not on {', '.join(sorted(lacking))}" if having else ""
    return f"the plugin {KNN} is {'installed' if having else 'not installed'}{where}"


def refuse_foreign_alias(nodes: Nodes, alias: str, timeout: float) -> None:
    """Make sure that nobody else uses the name of the alias.

    Raises:
        EngineError: somebody does.

    """
    try:
        found = nodes.get(f"/{alias}", timeout)
    except MissingIndexError:
        return
    foreign = next((name for name, about in found.items() if not is_ours(about)), None)
    if foreign is not None:
        what = "an index" if foreign == alias else f"an alias of {foreign}"
        raise EngineError(
            f"{alias} is {what} there, which is not the bot's: choose another `search.opensearch.index`"
        )
