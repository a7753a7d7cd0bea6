"""Breaks the core on purpose, one place at a time, and says which test notices.

    python -m tests.mutants [WORD …] [--jobs N]

Each of MUTANTS is applied to a copy of the code, where the tests of its module run, then the quality
gate, then the golden features, until one fails. Then every feature is set to zero in turn. A table says
what was caught, and by which test; the exit status is 1 if something went unseen. With words, only the
mutants whose names hold one of them.

What is caught by `test_golden` alone is a number that no promise holds: any change of it is seen,
but not whether it is for the worse.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from bot.search import searcher as search
from bot.search.feature_group import FeatureGroup
from bot.search.highlighting import clauses
from bot.search.query.follow_ups import FollowUpFeatures
from bot.search.ranking import first_stage as ranking
from bot.search.ranking.conversation import TurnFeatures
from bot.search.ranking.embedding_features import ConversationEmbeddingFeatures, EmbeddingFeatures
from bot.search.ranking.features import candidate_features
from tests.search import golden as computed
from tests.search.golden import NAMES, differences, golden, now

ROOT = Path(__file__).parent.parent
LIMIT = 180.0
"""Seconds for the tests of one mutant; who takes longer is caught: it hangs."""

GOLDEN = "tests/search/test_golden.py"
GATE = "tests/quality/test_gate.py"
LEXICAL = f"{GATE}::test_the_answers_are_as_good_as_they_were[lexical]"
E5 = f"{GATE}::test_the_answers_are_as_good_as_they_were[e5]"

ANSWERER = "bot/answering/answerer.py"
(
    CARDS,
    TITLES,
    TEXT_QUESTIONS,
    GUESSING,
    PLACE_NAMES,
    PLACE_RANGES,
    PLACE_READINGS,
    PLACE_SECTIONS,
    PLACES,
    PLACES_OF_SOURCE,
) = (
    f"bot/answering/{name}.py"
    for name in (
        "cards",
        "text_question_titles",
        "text_question_reading",
        "text_question_guessing",
        "place_names",
        "place_ranges",
        "place_readings",
        "place_sections",
        "places",
        "places_of_source",
    )
)
TURNS = "bot/answering/conversation.py"
SERVICE = "bot/discord/kit/service.py"
DAILY, DAILY_POSTING, DAILY_SLOTS, PICKING = (
    "bot/storage/daily.py", "bot/discord/daily/posting.py", "bot/discord/daily/slots.py", "bot/library/picking.py",
)  # fmt: skip
SPLICES, LAST_GOOD, TEXT_FILE = (
    "bot/splices.py",
    "bot/library/last_good.py",
    "bot/texts/text_file.py",
)
ENVIRONMENT, LOGGING, ARCHIVE, BACKUP, LIFECYCLE, HEALTH = (
    "bot/environment.py", "bot/operations/logging.py", "bot/operations/archive.py", "bot/operations/backup.py",
    "bot/operations/lifecycle.py", "bot/operations/health.py",
)  # fmt: skip
SPOKEN, ALIASES, SEARCH_BUILDING, SELECTIONS = (
    "bot/texts/spoken.py", "bot/search/query/aliases.py", "bot/search/building.py", "bot/library/selections.py",
)  # fmt: skip
TRANSFER, GATEWAY_STATUS, UPKEEP, SERVER_SETTINGS, PERMISSIONS = (
    "bot/storage/transfer.py", "bot/discord/app/gateway_status.py", "bot/discord/app/upkeep.py", "bot/discord/kit/servers.py",
    "bot/discord/kit/permissions.py",
)  # fmt: skip
BOUNDARIES, FOLDER_WATCH, FOLDER, BACKUP_COMMANDS = (
    "bot/texts/boundaries.py", "bot/operations/folder_watch.py", "bot/texts/folder.py", "bot/cli/backups.py",
)  # fmt: skip
SENDING, CHANNELS, CONNECTION, RUNNING = (
    "bot/discord/kit/sending.py", "bot/discord/kit/channels.py", "bot/discord/app/connection.py", "bot/discord/app/running.py",
)  # fmt: skip
RETRIES, GATEWAY_SOCKET, QUESTION_LOG, BUTTONS = (
    "bot/discord/app/retries.py", "bot/discord/app/gateway_socket.py", "bot/discord/kit/question_log.py",
    "bot/discord/kit/buttons.py",
)  # fmt: skip
SHARDING = "tests/discord/app/test_sharding.py"
TELEMETRY, STARTUP = "bot/telemetry.py", "bot/cli/startup.py"
CORPUS_SPLICE, POSTING_SPLICE = "bot/texts/corpus_splice.py", "bot/search/bm25/posting_splice.py"
POSTING_BUILDING = "bot/search/bm25/posting_building.py"
SPLICING, MERGE = "bot/search/splicing.py", "bot/search/bm25/vocabulary_merge.py"
(
    NODES, RESPONSES, DOCUMENTS, REMOTE_INDEX, INDEXES, ENGINE, BUILD_PROCESS, PRECONDITIONS, BUILDER, ENGINE_VECTORS,
) = (
    f"bot/search/opensearch/{name}.py"
    for name in (
        "nodes", "responses", "documents", "remote_index", "indexes", "engine", "build_process", "preconditions", "builder",
        "engine_vectors",
    )
)  # fmt: skip
LINES, ORDINALS, DIALOGUE, PASTED_CHAT = (
    "bot/texts/lines.py", "bot/texts/ordinals.py", "bot/texts/formats/dialogue.py", "bot/texts/formats/pasted_chat.py",
)  # fmt: skip
TWINS, MARKDOWN_POST, MARKUP, CHANNEL_EXPORT, ZIP_PACKAGE, MAIL = (
    "bot/search/twins.py", "bot/texts/markdown_post.py", "bot/texts/formats/markup.py",
    "bot/discord/knowledge/channel_export.py", "bot/texts/formats/zip_package.py", "bot/texts/formats/mail.py",
)  # fmt: skip
CHAT_MESSAGES, LOCAL_DATES, ISOLATION, FORUM_PAGE, GUTENBERG, SUBTITLE_CUES = (
    f"bot/texts/formats/{name}.py"
    for name in ("chat_messages", "local_dates", "isolation", "forum_page", "gutenberg", "cues")
)
UPDATES = "tests/library/test_snapshots.py"
(
    INDEX, OKAPI, POSTINGS, BOUNDS, RANKING, FEATURES_, GROUPS, SURROUNDINGS, HITS, RETRIEVAL, SEARCH,
    CLOSE_READING, CLAUSES,
    CLAUSE_FEATURES_, PHRASES, FOLLOW_UPS, CONVERSATION, CONCEPTS, SPELLING, QUESTIONS, MATCHING, WORD_VECTORS, CUES,
    SIMILARITY, RERANKING, PLANNING, READER, ANSWER_SPAN,
) = (
    f"bot/search/{name}.py"
    for name in (
        "bm25/index", "bm25/okapi", "bm25/posting_index", "bm25/upper_bounds", "ranking/first_stage",
        "ranking/features", "ranking/feature_groups", "ranking/surrounding_features", "ranking/hit_features",
        "retrieval", "searcher", "close_reading",
        "highlighting/clauses", "highlighting/clause_features", "highlighting/phrases", "query/follow_ups",
        "ranking/conversation", "query/concepts", "query/spelling", "query/question_types", "ranking/matching",
        "language/word_vectors", "query/cue_words", "embedding/similarity", "ranking/second_stage", "reading/planning",
        "reading/reader", "reading/answer_span",
    )
)  # fmt: skip

TESTS = {
    **dict.fromkeys(
        (SPLICES, CORPUS_SPLICE, POSTING_SPLICE, SPLICING, MERGE, "bot/search/query/spelling.py"),
        (UPDATES,),
    ),
    **{
        file: (f"tests/search/opensearch/test_{name}.py",)
        for file, name in (
            (RESPONSES, "nodes"),
            (DOCUMENTS, "remote_index"),
            (REMOTE_INDEX, "remote_index"),
            (ENGINE, "engine"),
            (BUILD_PROCESS, "build_process"),
            (ENGINE_VECTORS, "engine_vectors"),
        )
    },
    **dict.fromkeys(
        (INDEXES, BUILDER, PRECONDITIONS),
        tuple(
            f"tests/search/opensearch/test_{name}.py"
            for name in ("indexes", "vector_index", "engine_vectors")
        ),
    ),
    NODES: ("tests/search/opensearch/test_nodes.py", "tests/search/opensearch/test_tls.py"),
    LAST_GOOD: ("tests/library/test_last_good.py",),
    TWINS: ("tests/search/test_twins.py",),
    MARKDOWN_POST: ("tests/texts/test_structure.py",),
    LINES: ("tests/texts/test_structure.py",),
    ORDINALS: ("tests/texts/test_boundaries.py",),
    DIALOGUE: ("tests/texts/formats/test_dialogue.py",),
    PASTED_CHAT: ("tests/texts/formats/test_pasted_chat.py",),
    MARKUP: ("tests/texts/formats/test_quotes_of_documents.py",),
    CHANNEL_EXPORT: ("tests/discord/knowledge/test_channel_export.py",),
    ZIP_PACKAGE: ("tests/texts/formats/test_zip_package.py",),
    MAIL: ("tests/texts/formats/test_mail.py",),
    CHAT_MESSAGES: ("tests/texts/formats/test_whatsapp.py",),
    LOCAL_DATES: ("tests/texts/formats/test_whatsapp.py",),
    ISOLATION: ("tests/texts/formats/test_isolation.py",),
    FORUM_PAGE: ("tests/texts/formats/test_forum_page.py",),
    GUTENBERG: ("tests/texts/formats/test_gutenberg.py",),
    SUBTITLE_CUES: ("tests/texts/formats/test_subtitles.py",),
    **dict.fromkeys((TEXT_FILE, FOLDER), ("tests/texts/test_folder.py",)),
    BOUNDARIES: ("tests/texts/test_boundaries.py",),
    FOLDER_WATCH: ("tests/operations/test_folder_watch.py",),
    BACKUP_COMMANDS: ("tests/cli/test_backups.py",),
    INDEX: ("tests/search/bm25/test_backends.py", "tests/search/bm25/test_okapi.py"),
    OKAPI: ("tests/search/bm25/test_okapi.py", "tests/search/bm25/test_backends.py"),
    POSTINGS: ("tests/search/bm25/test_backends.py", "tests/search/bm25/test_posting_index.py"),
    POSTING_BUILDING: (
        "tests/search/bm25/test_backends.py",
        "tests/search/bm25/test_posting_building.py",
    ),
    BOUNDS: ("tests/search/bm25/test_upper_bounds.py", "tests/search/bm25/test_posting_index.py"),
    RANKING: ("tests/search/ranking/test_first_stage.py", "tests/search/test_searcher.py"),
    FEATURES_: ("tests/search/ranking/test_features.py", "tests/search/test_searcher.py"),
    GROUPS: ("tests/search/ranking/test_features.py", "tests/search/test_searcher.py"),
    SURROUNDINGS: ("tests/search/ranking/test_features.py", "tests/search/test_searcher.py"),
    HITS: ("tests/search/ranking/test_first_stage.py", "tests/search/test_searcher.py"),
    RETRIEVAL: (
        "tests/search/test_searcher.py",
        "tests/search/test_searcher_reading.py",
        "tests/search/embedding/test_similarity.py",
    ),
    CLOSE_READING: ("tests/search/test_searcher_reading.py",),
    SEARCH: ("tests/search/test_searcher.py", "tests/search/test_searcher_reading.py"),
    ANSWERER: ("tests/answering/test_answerer.py",),
    CARDS: ("tests/answering/test_cards.py",),
    TITLES: ("tests/answering/test_text_questions.py",),
    TEXT_QUESTIONS: ("tests/answering/test_text_questions.py",),
    GUESSING: ("tests/answering/test_text_questions.py",),
    PLACE_RANGES: ("tests/answering/test_place_names.py",),
    PLACE_READINGS: ("tests/answering/test_place_names.py",),
    PLACE_SECTIONS: ("tests/answering/test_places.py",),
    PLACE_NAMES: ("tests/answering/test_place_names.py",),
    PLACES: ("tests/answering/test_places.py",),
    PLACES_OF_SOURCE: ("tests/answering/test_places.py",),
    DAILY: ("tests/storage/test_daily.py",),
    ENVIRONMENT: ("tests/test_environment.py",),
    LOGGING: ("tests/operations/test_logging.py", "tests/discord/app/test_secrets.py"),
    ARCHIVE: ("tests/operations/test_archive.py",),
    BACKUP: ("tests/operations/test_backup.py", "tests/cli/test_backups.py"),
    LIFECYCLE: ("tests/operations/test_lifecycle.py",),
    HEALTH: ("tests/operations/test_health.py",),
    RETRIES: ("tests/discord/app/test_retries.py", "tests/discord/test_scenarios.py"),
    GATEWAY_SOCKET: ("tests/discord/test_scenarios.py",),
    QUESTION_LOG: ("tests/discord/kit/test_question_log.py",),
    BUTTONS: ("tests/discord/kit/test_buttons.py",),
    TRANSFER: ("tests/storage/test_transfer.py",),
    GATEWAY_STATUS: ("tests/discord/app/test_gateway_status.py",),
    UPKEEP: (SHARDING, "tests/discord/app/test_upkeep.py", "tests/discord/app/test_clock.py"),
    **dict.fromkeys((SENDING, CHANNELS, CONNECTION, RUNNING), ("tests/discord/test_scenarios.py",)),
    **dict.fromkeys((SERVER_SETTINGS, PERMISSIONS), (SHARDING,)),
    TELEMETRY: ("tests/test_telemetry.py",),
    STARTUP: ("tests/discord/app/test_reloading.py",),
    TURNS: ("tests/answering/test_conversation.py",),
    SERVICE: ("tests/discord/me/test_command.py",),
    DAILY_POSTING: ("tests/discord/daily/test_posting.py",),
    DAILY_SLOTS: ("tests/discord/daily/test_slots.py",),
    PICKING: ("tests/library/test_picking.py",),
    SPOKEN: ("tests/texts/test_structure.py",),
    **dict.fromkeys((ALIASES, SEARCH_BUILDING), ("tests/search/query/test_aliases.py",)),
    SELECTIONS: ("tests/library/test_selections.py",),
    CLAUSES: ("tests/search/highlighting/test_clauses.py",),
    CLAUSE_FEATURES_: ("tests/search/highlighting/test_clauses.py",),
    PHRASES: (
        "tests/search/highlighting/test_clauses.py",
        "tests/search/highlighting/test_phrases.py",
    ),
    FOLLOW_UPS: (
        "tests/search/query/test_follow_ups.py",
        "tests/search/ranking/test_conversation.py",
    ),
    CONVERSATION: ("tests/search/ranking/test_conversation.py", "tests/search/test_searcher.py"),
    CONCEPTS: ("tests/search/query/test_concepts.py", "tests/search/test_searcher.py"),
    SPELLING: ("tests/search/query/test_spelling.py", "tests/search/test_searcher.py", UPDATES),
    QUESTIONS: ("tests/search/query/test_question_types.py",),
    MATCHING: ("tests/search/ranking/test_matching.py", "tests/search/test_searcher.py"),
    WORD_VECTORS: ("tests/search/language/test_word_vectors.py", "tests/search/test_searcher.py"),
    CUES: ("tests/search/query/test_question_types.py",),
    SIMILARITY: (
        "tests/search/embedding/test_similarity.py",
        "tests/search/opensearch/test_engine_vectors.py",
    ),
    RERANKING: (
        "tests/search/ranking/test_second_stage.py",
        "tests/search/test_searcher_reading.py",
    ),
    PLANNING: ("tests/search/reading/test_planning.py", "tests/search/test_searcher_reading.py"),
    READER: ("tests/search/reading/test_reader.py", "tests/search/test_searcher_reading.py"),
    ANSWER_SPAN: ("tests/search/reading/test_reader.py",),
}
"""The tests of each module; the golden features and the quality gate are tests of them all."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file: `old` stands there exactly once."""

    name: str
    file: str
    old: str
    new: str
    gate: str = LEXICAL


def _zeroed(name: str, features: str = "", evidence: str = "") -> Mutant:
    """Return the mutant whose `features`, or the columns `evidence` of the evidence, are all 0."""
    lines = (
        [f"values[:, [FEATURES.index(n) for n in {features.split()!r}]] = 0"] if features else []
    )
    lines += [f"evidence[:, {evidence}] = 0"] if evidence else []
    back = "return CandidateFeatures(values, evidence)"
    return Mutant(f"without {name}", FEATURES_, back, "\n    ".join([*lines, back]))


MUTANTS = (
    # Discord: what fails on the way
    Mutant("a request is repeated once", RETRIES, "PAUSES = (0.5, 1.0, 2.0, 4.0)", "PAUSES = (0.5,)"),
    Mutant("what proxies refuse was not carried out", RETRIES, "_REFUSED = {429, 500, 503}", "_REFUSED = {429, 500, 503, 520}"),
    Mutant("a page of a proxy is a response", RETRIES, "    if (response and", "    if False and (response and"),
    Mutant("an unread event ends the connection", GATEWAY_SOCKET, "            if not began:", "            if True:"),
    Mutant("questions of a moment are written apart", QUESTION_LOG, "timeout(self._pause)", "timeout(0)"),
    Mutant("each question is written alone", QUESTION_LOG, "if len(batch) == 1 or not", "if True or not"),
    Mutant("a change during a look for daily passages is missed", DAILY_POSTING, "0 if self._changed else pause", "pause"),
    Mutant("old data go by a clock that is ahead", UPKEEP, "if self._clock.ahead > JUMP", "if False"),
    Mutant("a message of an unknown server is a direct one", CHANNELS, 'getattr(message.channel, "guild_id", None)', "None"),
    Mutant("an address for resuming that is gone is used again", CONNECTION, "if self.backoff.failures <= 1 else None", ""),
    Mutant("sessions of the day that are used up are started", RUNNING, "if limit[\"remaining\"] > 0", "if True"),
    Mutant("the view of each message stays in memory", BUTTONS, "view = StatelessView(", "view = discord.ui.View("),
    Mutant("a restore drops tables of others", TRANSFER, "connection, only=sorted(own))", "connection)"),
    Mutant("another process goes unnoticed", SENDING, "nonce is not None and not", "False and not"),
    # BM25
    Mutant("the index's k1 .4 → 2", INDEX, "\nK1 = 0.4", "\nK1 = 2.0"),
    Mutant("the index's b .5 → 1", INDEX, "\nB = 0.5", "\nB = 1.0"),
    Mutant("the index's b .5 → 0", INDEX, "\nB = 0.5", "\nB = 0.0"),
    Mutant("idf of postings may be negative", INDEX, "np.log1p((passages - freq", "np.log((passages - freq"),
    Mutant("idf of a concept may be negative", INDEX, "math.log1p((passages - freq", "math.log((1e-9 + passages - freq"),
    Mutant("a saturation that does not saturate", POSTING_BUILDING, "(often + penalty[passages])", "(1 + penalty[passages])"),
    Mutant("rank-bm25's k1 as it is by default", OKAPI, "k1=k1, b=b)", "b=b)"),
    Mutant("weights that rank-bm25 ignores", OKAPI, "math.ceil(impact * weight)", "impact"),
    Mutant("upper bounds that round down", BOUNDS, "(guess - 1 + len(lists))", "(guess - 1)"),
    Mutant("the BM25 feature's k1 .4 → 4", GROUPS, "penalty = (K1 * (", "penalty = (10 * K1 * ("),
    Mutant("the BM25 feature's b .5 → 0", GROUPS, "(1 - B + B * length)", "1"),
    Mutant("the BM25 feature's b .5 → 1", GROUPS, "(1 - B + B * length)", "length"),
    # OpenSearch
    Mutant("a partial answer counts", RESPONSES, "if not complete:", "if True:"),
    Mutant("a timed-out answer counts", RESPONSES, "if whole and not found", "if whole or not found"),
    Mutant("parts overwrite each other", POSTING_BUILDING, "begin[terms] + filled[terms]", "begin[terms]"),
    Mutant("gaps stay among the postings", POSTING_BUILDING, "if filled < len(postings):", "if False:"),
    Mutant(
        "any certificate is trusted", NODES,
        "ssl.create_default_context(cafile=cluster.ca_file)", "ssl._create_unverified_context()",
    ),
    Mutant("a hanging node is asked again", NODES, "if self._status[node.url].up]", "]"),
    Mutant("a node that waits is not asked again", NODES, "queue.append((node, seconds))", "pass"),
    Mutant("nobody is told whom to avoid", NODES, "path + avoided", "path"),
    Mutant("lengths weigh as Lucene has it", DOCUMENTS, "K1 * B * corpus_size / max(documents, 1)", "K1 * B"),
    Mutant("Lucene's own idf", REMOTE_INDEX, "* ours / theirs", "* 1"),
    Mutant("half an index is swapped in", INDEXES, "if status is None or not status.complete:", "if status is None:"),
    Mutant("a build is not compared", BUILDER, "            if wrong:\n", "            if False:\n"),
    Mutant("passages are not counted", BUILDER, "if found != contents.total:", "if False:"),
    Mutant("a failed build is left", BUILDER, 'self._nodes.request("DELETE"', 'self._nodes.request("GET"'),
    Mutant("a live build is deleted", INDEXES, "one.complete or self._builder.is_dead(one)", "True"),
    Mutant("vectors of the current texts are deleted", INDEXES, "{one.name, one.terms}", "{one.name}"),
    Mutant("vectors stay when their texts go", INDEXES, "if kept.isdisjoint(", "if not one.terms and kept.isdisjoint("),
    Mutant("a build of this process is taken for dead", BUILDER, "if status.name in self._building:", "if False:"),
    Mutant("k-NN is believed", SIMILARITY, "np.argsort(-passages.cosines", "np.argsort(0 * passages.cosines"),
    Mutant("a slow node is given up", NODES, "elif patience and", "elif False and"),
    Mutant("every slow node is waited for", NODES, "                    patience = 0.0\n", ""),
    Mutant("k-NN is asked again at once", ENGINE_VECTORS, "now + retry_after(self.failures)", "now"),
    Mutant("k-NN is asked of a cluster away", ENGINE_VECTORS, "if not self._is_ready(target.terms):", "if False:"),
    Mutant("two models fight for their vectors", ENGINE_VECTORS, "if target.is_lost and", "if False and"),
    Mutant("unwanted vectors are indexed", ENGINE_VECTORS, "raise EngineError(\"these", "EngineError(\"these"),
    Mutant("k-NN on some nodes is enough", PRECONDITIONS, "    if not lacking:", "    if having:"),
    Mutant("foreign indexes are deleted", INDEXES, "            if is_ours(about)\n", ""),
    Mutant("a process of another container is taken for dead", BUILD_PROCESS, "if machine != own", "if False and machine != own"),
    Mutant("a number used again is a live build", BUILD_PROCESS, "and now != started", "and False"),
    Mutant("Elasticsearch is sent texts", PRECONDITIONS, '!= "opensearch"', '== ""'),
    Mutant("an alias may lead elsewhere, too", PRECONDITIONS, "if foreign is not None:", "if False:"),
    Mutant("old indexes are deleted at once", ENGINE, "self._clock() + GRACE", "self._clock()"),
    Mutant("a cluster away is asked each time", ENGINE, "if index is not None and self._answers(name):", "if index is not None:"),
    # Candidates
    Mutant("POOL 32 → 3", RETRIEVAL, "\nPOOL = 32", "\nPOOL = 3"),
    Mutant("FEW 50 → 0", RETRIEVAL, "\nFEW = 50", "\nFEW = 0"),
    Mutant("NEARBY 3 → 0", RETRIEVAL, "\nNEARBY = 3", "\nNEARBY = 0"),
    Mutant("PREVIOUS_POOL 20 → 1", RETRIEVAL, "\nPREVIOUS_POOL = 20", "\nPREVIOUS_POOL = 1"),
    Mutant("MIN_PROBABILITY .02 → .3", SEARCH, "\nMIN_PROBABILITY = 0.02", "\nMIN_PROBABILITY = 0.3"),
    Mutant("trust in every expansion alike", RETRIEVAL, "MatchType.PREFIX: 0.5,", "MatchType.PREFIX: 5.0,"),
    Mutant("NEAREST 16 → 1", SIMILARITY, "\nNEAREST = 16", "\nNEAREST = 1", E5),
    # Features
    Mutant("held from .5 → .95", GROUPS, "_HELD = 0.5", "_HELD = 0.95"),
    Mutant("a fragment of 4 tokens → 12", SURROUNDINGS, "_FRAGMENT = 4", "_FRAGMENT = 12"),
    Mutant("a heading of 6 tokens → 1", SURROUNDINGS, "_HEADING = 6", "_HEADING = 1"),
    Mutant("near: within 3 words → 300", GROUPS, "np.abs(gap) <= 3", "np.abs(gap) <= 300"),
    Mutant("surroundings of 8 passages → 0", MATCHING, "_REACH = 8", "_REACH = 0"),
    Mutant("expansions trusted .9 .85 .5 → .1", MATCHING, "(1.0, 0.9, 0.85, 0.5)", "(1.0, 0.1, 0.1, 0.1)"),
    Mutant("everyday words weigh like any", WORD_VECTORS, "\nCOMMON_WORD_DISCOUNT = 0.8", "\nCOMMON_WORD_DISCOUNT = 0.0"),
    Mutant("likeness by chance counts", WORD_VECTORS, "\nCHANCE_COSINE = 0.2", "\nCHANCE_COSINE = 0.0"),
    Mutant("money in a text read as percent", QUESTIONS, '"$€£¥₹", int(Evidence.MONEY)', '"$€£¥₹", int(Evidence.PERCENT)'),
    Mutant("words of money read as percent", CUES, "    Evidence.MONEY: ", "    Evidence.COLON: "),
    Mutant("a question for money read as for a share", CUES, "        QuestionType.MONEY,\n", "        QuestionType.SHARE,\n"),
    Mutant("a year is any number of four digits", QUESTIONS, '"1000" <= piece < "2100"', '"0" <= piece'),
    Mutant("a unit measures without a number", QUESTIONS, "after_number or not kinds & _MEASURE", "True"),
    _zeroed("word vectors", "associated sentence_likeness post_likeness associated_lead likeness_lead associated_gain"),
    _zeroed("BM25", "bm25 bm25_lead bm25_top"),
    _zeroed("what is held", "held informative concepts squared all_concepts rarest first last"),
    _zeroed("match types", "exact alias spelling prefix"),
    _zeroed("leads", "bm25_lead held_lead informative_lead associated_lead likeness_lead bm25_top held_top informative_top"),
    _zeroed("gains", "associated_gain post_gain before_gain after_gain title_gain"),
    _zeroed("order", "adjacent near"),
    _zeroed("what the passage before asks", "before_asks before_heading"),
    _zeroed("shape", "length fragment heading first_of_source first_of_post place alone_in_post"),
    _zeroed("evidence", evidence=": len(_BITS)"),
    _zeroed("neighbours as evidence", evidence="len(_BITS) : len(_BITS) + 3"),
    _zeroed("any evidence", evidence=":"),
    # Spelling, other names
    Mutant("one slip at most", SPELLING, "else 2\n        asked", "else 1\n        asked"),
    Mutant("short words are mended too", SPELLING, "_SHORTEST = 4", "_SHORTEST = 2"),
    Mutant("five-letter words forgive two slips", SPELLING, "_ONE_TYPO = 5", "_ONE_TYPO = 3"),
    Mutant("a wrong first letter costs nothing", SPELLING, "_WRONG_START = 0.1", "_WRONG_START = 0.0"),
    Mutant("an abbreviation counts .9 → .1", CONCEPTS, "_ABBREVIATION = 0.9", "_ABBREVIATION = 0.1"),
    Mutant("a part of a phrase counts .6 → 1", CONCEPTS, "_PART = 0.6", "_PART = 1.0"),
    Mutant("anything is likely meant", CONCEPTS, "_LIKELY = 0.75", "_LIKELY = 0.1"),
    Mutant("words that begin alike: .6 → .2", CONCEPTS, "_ALIKE = 0.6", "_ALIKE = 0.2"),
    Mutant("an English word is mended like any", CONCEPTS, "0.6 * likeness if english", "1.0 * likeness if english"),
    # Follow-ups
    Mutant("OWN_SCALE 5 → 50", RANKING, "OWN_SCALE = 5.0", "OWN_SCALE = 50.0"),
    Mutant("“the next sentence” 5 off", CONVERSATION, "(step == 1)", "(step == 6)"),
    Mutant("the sentence before 5 off", CONVERSATION, "(step == -1)", "(step == -6)"),
    Mutant("nearness reaches ten times as far", CONVERSATION, "np.abs(step) / 3", "np.abs(step) / 30"),
    Mutant("what is asked before counts for nothing", RANKING, "own + follow_up * together", "own + 0.0 * together"),
    Mutant("every question leans on the one before", RANKING, "follow_up * together", "1.0 * together"),
    Mutant("a pronoun points nowhere", FOLLOW_UPS, "bool(_POINTERS.search(text))", "False"),
    # Probability and outcome
    Mutant("far and near are not told", RANKING, "[there * logistic(logit)", "[logistic(logit)"),
    Mutant("“the texts say it” read from the second hit", RANKING, "+ rows[0] @", "+ rows[-1] @"),
    Mutant("calibration slope halved", RANKING, "[there * logistic(logit)", "[there * logistic(logit / 2)"),
    Mutant("calibration slope doubled", RANKING, "[there * logistic(logit)", "[there * logistic(logit * 2)"),
    Mutant("the share of the best is not capped", HITS, "_WIDEST_MARGIN = 6", "_WIDEST_MARGIN = 60"),
    Mutant("answered from .8 → .6 where it was read", ANSWERER, "= 0.77, 0.8", "= 0.77, 0.6"),
    Mutant("answered from .77 → .9", ANSWERER, "= 0.77, 0.8", "= 0.9, 0.8"),
    Mutant("closest from .5 → .3", ANSWERER, "CLOSEST = 0.5", "CLOSEST = 0.3"),
    Mutant("closest from .5 → .7", ANSWERER, "CLOSEST = 0.5", "CLOSEST = 0.7"),
    Mutant("three quotes where none is sure", ANSWERER, "CLOSEST_QUOTES = 2", "CLOSEST_QUOTES = 3"),
    Mutant("the first quote's probability for the chance of all", ANSWERER, "chance_of(shown)", "best"),
    Mutant("nothing bold where none is sure", ANSWERER, "if decision.outcome is Outcome.CLOSEST:", "if False:"),
    Mutant("reading never counts in what is quoted", ANSWERER, "BY_READING if read else BY_WORDS", "BY_WORDS"),
    Mutant("WEAKER_QUOTE .2 → .9", ANSWERER, "WEAKER_QUOTE = 0.2", "WEAKER_QUOTE = 0.9"),
    Mutant("WEAKER_QUOTE .2 → 0", ANSWERER, "WEAKER_QUOTE = 0.2", "WEAKER_QUOTE = 0.0"),
    Mutant("quotes 3 → 1", ANSWERER, "quotes: int = 3", "quotes: int = 1"),
    Mutant("MAX_HITS 10 → 2", ANSWERER, "MAX_HITS = 10", "MAX_HITS = 2"),
    Mutant("max_question 500 → 50", ANSWERER, "max_question: int = 500", "max_question: int = 50"),
    # Questions about texts, and places
    Mutant("a question about a text is context", TURNS, 'before or Turn(""), source_id', "Turn(given.question), source_id"),
    Mutant("an overview's question is context", TURNS, 'Turn("", first.key', "Turn(given.question, first.key"),
    Mutant("questions stay in memory", TURNS, "[0] < since", "[0] < 0"),
    Mutant("a text that speaks of it is not quoted", CARDS, "return shared.held == shared.words", "return False and shared.held"),
    Mutant("one word of a title names a text", TITLES, "and len(said) > 1", "and said"),
    Mutant("a subject names a text", TEXT_QUESTIONS, "if any(W.ON in of", "if False and any(W.ON in of"),
    Mutant("any question may be about a text", GUESSING, "PROBABLE = 0.5", "PROBABLE = 0.0"),
    Mutant("none is by likeness", GUESSING, "PROBABLE = 0.5", "PROBABLE = 1.0"),
    Mutant("what a text may answer is surely about it", GUESSING, "not may_be_answered and ", ""),
    Mutant("a subject is no subject", GUESSING, " or _has_a_subject(tokens):", ":"),
    Mutant("two last posts are one", PLACE_READINGS, "(words.LAST, -count, -1)", "(words.LAST, -1, -1)"),
    Mutant("a question with numbers is a place", PLACE_NAMES, "if asks and not place.explicit", "if False"),
    Mutant("links are places", PLACE_NAMES, "](?![\\](])", "]"),
    Mutant("a number is a place of any text", PLACES_OF_SOURCE, "if last > count and not explicit:", "if False:"),
    Mutant("a section ends at any heading", PLACE_SECTIONS, "            inside.add(end)", "            pass"),
    Mutant("posts 2 and 5 are 2 to 5", PLACES_OF_SOURCE, "        if begin > reached + 1:", "        if False:"),
    Mutant("a list of posts is its first one", PLACE_RANGES, "    while (next_at :=", "    while False and (next_at :="),
    Mutant("a text that was not named may be meant", PLACES, "if name.title or name.author:", "if False and name:"),
    # The clause in bold
    Mutant("a clause may be .45 → .9 of a sentence", PHRASES, "SHARE = 0.45", "SHARE = 0.9"),
    Mutant("a sentence is long from 25 → 60 words", CLAUSES, "\nLONG = 25", "\nLONG = 60"),
    Mutant("a sentence is long from 25 → 5 words", CLAUSES, "\nLONG = 25", "\nLONG = 5"),
    Mutant("a word of the question pulls from everywhere", CLAUSE_FEATURES_, "_PULL = 4.0", "_PULL = 400.0"),
    Mutant("what fits is worth the same however far", CLAUSE_FEATURES_, "_FAR = 0.05", "_FAR = 5.0"),
    Mutant("a run may end with a word that leads on", PHRASES, "ending_well or runs", "runs"),
    # The reader
    Mutant("reader: what was not read comes where it would", RERANKING, "if unread.any() and not", "if False and not"),
    Mutant("reader: an unread passage is as good as any", RERANKING, "_UNREAD = -8.0", "_UNREAD = 0.0"),
    Mutant("reader: margins count however far out", RERANKING, "_WIDEST_MARGIN = 15.0", "_WIDEST_MARGIN = 1e6"),
    Mutant("reader: what lies between is free", PLANNING, "cost = sum(map(size_of, more))", "cost = sum(map(size_of, around))"),
    Mutant("reader: vectors save nothing", PLANNING, "BUDGET_WITH_VECTORS = 320", "BUDGET_WITH_VECTORS = 640"),
    Mutant("bold: a condition and no consequence", PHRASES, " >= conditions.get", " >= 0 * conditions.get"),
    Mutant("reader: windows cross sources", PLANNING, " and number in stretch_of(start)", ""),
    Mutant("reader: the last window's margin counts", READER, " or margin > found[number][0]", " or True"),
    Mutant("reader: an answer may end before it begins", ANSWER_SPAN, "(width >= 0) & ", "True & "),
    Mutant("reader: any question is read", CLOSE_READING, "self.is_known_word) is not None", "self.is_known_word) is False"),
    # Reloads
    Mutant("reload: numbers do not move", SPLICES, "int(at) - part.items.start", "0"),
    Mutant("reload: leads stay where they were", CORPUS_SPLICE, "numbers + shifts)", "numbers)"),
    Mutant("reload: terms of titles are forgotten", SPLICING, "if not kept.isdisjoint(of_sources)", "if False"),
    Mutant("reload: words of texts left out stay", SPLICING, "speller.frequency - counts", "speller.frequency"),
    Mutant("reload: postings in any order", POSTING_SPLICE, "if not (_rise(terms) and _rise(passages))", "if False"),
    Mutant("reload: buckets of another size", MERGE, "if len(old.slots) - 2 == mask", "if True"),
    Mutant("reload: nothing stays stale", LAST_GOOD, "if keep and name", "if name"),
    Mutant("reload: an unlisted folder is an empty one", LAST_GOOD, 'or name.startswith(f"{problem.where}/")', ""),
    Mutant("reload: half of a file is all of it", TEXT_FILE, "if after == stamp", "if True"),
    Mutant("reload: times are always believed", TEXT_FILE, "stamp if asked - max(stamp[1:3]) > _YOUNG else None", "stamp"),
    Mutant("reader: every question is read with the one before", CLOSE_READING, "FOLLOWS = 0.3", "FOLLOWS = 0.0"),
    Mutant("twins: what leads to a passage is no part of it", TWINS, "passage.lead.text", '""'),
    Mutant("twins: to begin alike is enough", TWINS, "if self._hash(other) == own", "if own"),
    Mutant("twins: the conversation's text has no preference", TWINS, "candidates[at] not in preferred", "False"),
    Mutant("structure: what stands right under a heading is lost", MARKDOWN_POST, "self._heading(token, inner[0])",
           "end = self._extent(inner[0])[1]"),
    Mutant("structure: a line above a list is quoted alone", LINES, "(names or leads(text, span))", "False"),
    Mutant("structure: a single emoji makes a list", LINES,
           "is not None for mark in marks) > 1", "is not None for mark in marks) > 0"),
    Mutant("sentences: a German date goes on", ORDINALS, "_GERMAN_FUNCTION_WORD.match(after) is None", "True"),
    Mutant("dialogue: labels such as NOTE are names", DIALOGUE, ' or found["name"].casefold() in _NO_NAMES', ""),
    Mutant("chats: a programme is a conversation", PASTED_CHAT, "== len(headers):", "< 0:"),
    Mutant("posts: a line that begins with # is a heading", MARKUP, "None if in_code else _HEADING.match(line)", "None"),
    Mutant("chats: names are kept without being asked for", CHAT_MESSAGES, "if names and who and", "if who and"),
    Mutant("chats: a telephone number is a name", CHAT_MESSAGES, " and not _PHONE.fullmatch(who)", ""),
    Mutant("chats: a date that may be two days", LOCAL_DATES, "if len(found) == 1 else None", "if found else None"),
    Mutant("chats: twelve at night is noon", LOCAL_DATES, "hours % 12 + 12 *", "hours + 12 *"),
    Mutant("isolation: the token is passed on", ISOLATION, 'if not name.startswith("VERBATIM")', "if name"),
    Mutant("isolation: a hanging file is waited for", ISOLATION, "            process.kill()", "            pass"),
    Mutant("forum: what is quoted of others is kept", FORUM_PAGE, "            quoted.decompose()", "            pass"),
    Mutant("books: verse is joined", GUTENBERG, "len(line) >= _WRAPPED and not line[0].isspace()", "line"),
    Mutant("transcripts: speakers share a paragraph", SUBTITLE_CUES, "or cue.begins_turn", "or False"),
    Mutant("channel: names are taken without being asked for", CHANNEL_EXPORT, "    if names:", "    if True:"),
    Mutant("zip: a part without a name is asked for its last letter", ZIP_PACKAGE, "if info.filename)", "if True)"),
    Mutant("mail: whole headers are parsed", MAIL, "value[:_MOST_HEADER]", "value"),
    # Preferences
    Mutant("questions are kept against the member's wish", SERVICE, " or not self.preferences.of(member_id).keep", ""),
    # Daily passages
    # Operation
    Mutant("a misspelt variable is ignored", ENVIRONMENT, "if reason := _why_unknown(variable, names):", "if False:"),
    Mutant("tokens in payloads are logged", LOGGING, 'return _TOKEN_IN_PAYLOAD.sub(rf"\\1{_HIDDEN}", text)', "return text"),
    Mutant("fields of the library's log are lost", LOGGING, "=[_with_fields, *before]", "=before"),
    Mutant("tokens in addresses are logged", LOGGING, 'text = _INTERACTION_TOKEN.sub(rf"\\1{_HIDDEN}", text)', "pass"),
    Mutant("a backup whose content has changed is used", ARCHIVE, "if checksums != named:", "if False:"),
    Mutant("a backup may write outside of its folder", ARCHIVE, 'or ".." in re', 'or ".." in () and re'),
    Mutant("a restore that fails half way is not undone", BACKUP, "for old, new in reversed(moves)", "for old, new in ()"),
    Mutant("a backup may lie among the texts", BACKUP, "if to.resolve().is_relative_to", "if not to.resolve().is_relative_to"),
    Mutant("a backup is restored under a bot without health", BACKUP_COMMANDS, "or any(map(control", "and any(map(control"),
    Mutant("a restored config is readable by everybody", BACKUP_COMMANDS, "replacing(path, private=True)", "replacing(path)"),
    Mutant("a long sentence loses words at a comma", BOUNDARIES, "max(cut, words[first][0])", "words[first][0]"),
    Mutant("a file that is being written is read", FOLDER_WATCH, "folder.absolute()", "folder"),
    Mutant("a folder that is made anew is not watched", FOLDER_WATCH, "if (Change.deleted,", "if False and (Change.deleted,"),
    Mutant("a file name that is no Unicode is taken", FOLDER, "if not _is_unicode(path.relative_to(folder)):", "if False:"),
    Mutant("reader: only `en` itself is read", CLOSE_READING, '.split("-")[0] == READ', " == READ"),
    Mutant("a daily passage comes twice running", PICKING, "if new_round and last", "if False and last"),
    Mutant("a backup is readable by everybody", ARCHIVE, "replacing(archive, private=True)", "replacing(archive)"),
    Mutant("a restore overwrites unasked", BACKUP, "if obstacles and not replacing:", "if False:"),
    Mutant("a backup without the key", BACKUP, "if read_key(places.key_file) is None:", "if False:"),
    Mutant("a file that comes meanwhile is left out", BACKUP, "if _state_of(places.knowledge) == texts:", "if True:"),
    Mutant("times come back as text", TRANSFER, "if value is not None and issubclass(kind, date):", "if False:"),
    Mutant("a dump of a newer version is loaded", TRANSFER, "if not is_known(revision):", "if False:"),
    Mutant("a crash loop is not slowed down", LIFECYCLE, "if len(recent) < FREE_STARTS:", "if True:"),
    Mutant("a cut-off stop looks like a good one", LIFECYCLE, "self._status = UNFINISHED", "self._status = 0"),
    Mutant("a state starts again at every check", HEALTH, "before.ready == (reason is None)", "False"),
    Mutant("a silent connection counts as alive", GATEWAY_STATUS, "if silent > SILENCE else None", "if False else None"),
    Mutant("servers of other processes count as left", UPKEEP, "if self._serves(server):", "if True:"),
    Mutant("a clock that is set forward is believed", UPKEEP, "<= JUMP", "<= 99_999 * JUMP"),
    Mutant("onnxruntime reports to its vendor", TELEMETRY, 'os.environ["ORT_DISABLE_TELEMETRY"] = "1"', "pass"),
    Mutant("a second bot on one database starts", STARTUP, 'if status.get("storage") ==', "if None is"),
    Mutant("another process's change is undone", SERVER_SETTINGS, "await self._storage.servers.get(server)", "self.of(server)"),
    Mutant("with shards anybody may write", PERMISSIONS, "settings.shards is None and ", ""),
    Mutant("a slot is claimed whoever has it", DAILY, " & (daily.c.due_at == slot)", ""),
    Mutant("what is paused can be claimed", DAILY, "slot) & daily.c.paused.is_(None)", "slot)"),
    Mutant("daily: a refused one is sent again", DAILY_POSTING, "error.status >= 500 and late < NONCE_KNOWN", "True"),
    Mutant("daily: a late one comes however near the next", DAILY_POSTING, "now - slot > TOO_NEAR > next_due - now", "False"),
    Mutant("daily: the role of a text may ping", DAILY_POSTING, "everyone=False, users=False, roles=roles", "roles=True"),
    Mutant("daily: slots before now", DAILY_SLOTS, "if at > after:", "if at >= after:"),
    Mutant("at random: what was shown comes again", PICKING, "found if new_round else left", "found"),
    Mutant("in order: by ids, not by files", PICKING, 'folder_order(f"{source_id}.md")', "((False, source_id),)"),
    Mutant("what stands in code hides words", SPOKEN, "_CODE.sub(blank, text)", "text"),
    Mutant("an open comment hides the rest of a sentence", SPOKEN, "(?:(?!<!--).)*?-->", r"(?:(?!<!--).)*?(?:-->|\Z)"),
    Mutant("aliases as questions are analysed", ALIASES, "_phrase(name, of_texts or asked)", "_phrase(name, asked)"),
    Mutant("a short text counts as much as a long one", SEARCH_BUILDING, "].language] += size", "].language] += 1"),
    Mutant("an earlier snapshot is held", SELECTIONS, "            self._choices.clear()", "            pass"),
    Mutant("in order: the same passage again", PICKING, 'side="right"', 'side="left"'),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant: the first test that failed, if one did."""

    name: str
    failed: tuple[str, ...]
    problem: str = ""
    """Why it could not be tried: then nothing is known of it."""

    @property
    def survived(self) -> bool:
        """Return whether it must not be."""
        return not self.failed or bool(self.problem)

    def __str__(self) -> str:
        if self.problem:
            return f"NOT TRIED   {self.name}: {self.problem}"
        if not self.failed:
            return f"SURVIVED    {self.name}"
        by = self.failed[0]
        return f"{'golden only' if 'test_golden' in by else 'caught':11} {self.name}: {by}"


def problem_of(mutant: Mutant, text: str) -> str:
    """Return why `mutant` cannot be applied to `text`; nothing if it can."""
    count = text.count(mutant.old)
    return "" if count == 1 else f"{mutant.file} has {count} × {mutant.old!r}, not one"


class Copy:
    """A copy of the code, and a process that runs its tests."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("bot", "tests", "benchmarks", "knowledge"):
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        for name in ("pyproject.toml", "README.md"):
            shutil.copy(ROOT / name, folder / name)
        # Of a file that is changed twice within a second, the compiled one would be taken for new.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        self._process = subprocess.Popen(
            [sys.executable, "tests/prefork.py"], cwd=folder, env=environment,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def run(self, mutant: Mutant) -> Verdict:
        """Return what the tests make of `mutant`; the copy is as it was afterwards."""
        path = self.folder / mutant.file
        text = path.read_text(encoding="utf-8")
        if problem := problem_of(mutant, text):
            return Verdict(mutant.name, (), problem)
        path.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
        own = TESTS[mutant.file]
        # The quickest first; drawn examples seldom tell a constant.
        steps = ((own, "not hypothesis"), ([mutant.gate], ""), (own, "hypothesis"), ([GOLDEN], ""))
        try:
            found = (self.failed(tests, marked) for tests, marked in steps)
            return Verdict(mutant.name, next(filter(None, found), ()))
        except ValueError as error:
            return Verdict(mutant.name, (), str(error))
        finally:
            path.write_text(text, encoding="utf-8")

    def failed(self, tests: Sequence[str], marked: str) -> tuple[str, ...]:
        """Return the first of `tests` that fails; ValueError if they cannot even be collected."""
        arguments = [
            "-q", "-x", "--tb=no", "-rf", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning",
            "-m", marked, *tests,
        ]  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(
            json.dumps({"arguments": arguments, "seconds": LIMIT}),
            file=self._process.stdin,
            flush=True,
        )
        done = json.loads(self._process.stdout.readline())
        if done["status"] is None:
            return (f"nothing within {LIMIT:.0f} seconds",)
        if done["status"] not in {0, 1, 5}:  # all passed, some failed, none has the mark
            raise ValueError(done["output"].strip()[-300:])
        lines = (line.split(" - ")[0] for line in done["output"].splitlines())
        return tuple(line.removeprefix("FAILED ") for line in lines if line.startswith("FAILED "))


def zeroed_features() -> Iterator[Verdict]:
    """Yield for every feature, set to zero in this process, which golden number tells."""
    expected = golden()
    before = list(differences(now(), expected))
    if before:
        yield Verdict("every feature", (), f"the golden features differ as it is: {before[0]}")
        return
    for part, names in NAMES.items():
        for place, name in enumerate(names):
            with _zeroing(part, place):
                found = next(differences(now(), expected), None)
            yield Verdict(f"{part}: {name} is always 0", (found,) if found else ())


@contextmanager
def _zeroing(part: str, place: int) -> Iterator[None]:
    """Set one feature to 0 wherever it is computed."""

    def zero(values: Any, at: int = place) -> Any:
        changed = np.array(values)
        changed[..., at] = 0
        return changed

    def result(function: Callable[..., Any], change: Callable[[Any], Any]) -> Callable[..., Any]:
        return lambda *args, **rest: change(function(*args, **rest))

    def of(field: str) -> Callable[[Any], Any]:
        return lambda found: replace(found, **{field: zero(getattr(found, field))})

    def group(cls: type[FeatureGroup]) -> list[tuple[Any, str, Callable[..., Any]]]:
        """Zero the feature where its group is computed."""
        name = cls.feature_names()[place]
        computed_by = cls.of  # type: ignore[attr-defined]

        def changed(found: Any) -> Any:
            return replace(found, **{name: getattr(found, name) * 0})

        return [(cls, "of", result(computed_by, changed))]

    features = candidate_features
    targets: dict[str, Callable[[], list[tuple[Any, str, Callable[..., Any]]]]] = {
        "features": lambda: [(search, "candidate_features", result(features, of("values")))],
        "given": lambda: [(search, "candidate_features", result(features, of("evidence")))],
        "similarities": lambda: group(EmbeddingFeatures),
        "dependence": lambda: group(FollowUpFeatures),
        "carried": lambda: group(TurnFeatures),
        "carried similarities": lambda: group(ConversationEmbeddingFeatures),
        "signs": lambda: [
            (module, "first_stage_hit_features", result(ranking.first_stage_hit_features, zero))
            for module in (ranking, computed)
        ],
        "clause": lambda: [
            (module, "clause_candidates", result(clauses.clause_candidates, of("features")))
            for module in (clauses, computed)
        ],
    }
    patches = [patch.object(*target) for target in targets[part]()]
    for each in patches:
        each.start()
    try:
        yield
    finally:
        for each in patches:
            each.stop()


def verdicts(mutants: Sequence[Mutant], jobs: int) -> Iterator[Verdict]:
    """Yield what becomes of each mutant, `jobs` at a time, in their order."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        made = [Copy(Path(folder) / str(number)) for number in range(jobs)]
        copies: queue.Queue[Copy] = queue.Queue()
        for copy in made:
            copies.put(copy)

        def tried(mutant: Mutant) -> Verdict:
            copy = copies.get()
            try:
                return copy.run(mutant)
            finally:
                copies.put(copy)

        try:
            every = sorted({name for tests in TESTS.values() for name in tests})
            if failing := made[0].failed([*every, GOLDEN, LEXICAL], "not hypothesis"):
                yield Verdict("the code as it is", (), f"{failing[0]} fails")
                return
            yield from pool.map(tried, mutants)
        finally:
            for copy in made:
                copy.close()


def main() -> None:
    """Try the mutants, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="of the names of the mutants to try; all without")
    parser.add_argument("--jobs", type=int, default=min(2, os.cpu_count() or 1))
    given = parser.parse_args()
    mutants = [m for m in MUTANTS if not given.words or any(word in m.name for word in given.words)]
    began = time.monotonic()
    found: list[Verdict] = []
    for verdict in verdicts(mutants, given.jobs):
        print(verdict, flush=True)
        found.append(verdict)
    if not given.words and not any(verdict.problem for verdict in found):
        zeroed = list(zeroed_features())
        found += zeroed
        print(
            f"{sum(not v.survived for v in zeroed)} of {len(zeroed)} features noticed when always 0"
        )
        for verdict in zeroed:
            if verdict.survived:
                print(verdict)
    survived = sum(verdict.survived for verdict in found)
    print(f"{len(found) - survived} of {len(found)} caught, {time.monotonic() - began:.0f} s")
    sys.exit(1 if survived else 0)


if __name__ == "__main__":
    main()
