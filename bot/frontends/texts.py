"""The lines that the bot itself says, in one place. It never says one about the subject."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.library import Changes, MeaningState
from bot.models import Passage, Problem, SmallTalk, Source

CLOSEST = "The nearest I have; it may not answer you:"
NOT_COVERED = "The texts I have do not answer that."
SHOW_NEAREST = "Show the nearest passages"
NEAREST = "The nearest passages, though I do not think they answer you:"
FURTHER = "Further passages, less likely to answer:"
REPEATED = "That message repeats:"
NOT_REPEATED = "I do not find that message in the texts I have."
PARTLY_REPEATED = "That message may come from:"

_LANGUAGES = {
    "ar": "Arabic", "ca": "Catalan", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "he": "Hebrew",
    "hi": "Hindi", "hu": "Hungarian", "hy": "Armenian", "id": "Indonesian", "it": "Italian", "ja": "Japanese",
    "ko": "Korean", "lt": "Lithuanian", "ne": "Nepali", "nl": "Dutch", "no": "Norwegian", "pl": "Polish",
    "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sr": "Serbian", "sv": "Swedish", "ta": "Tamil",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "vi": "Vietnamese", "yi": "Yiddish", "zh": "Chinese",
}  # fmt: skip

EXCERPT = "an excerpt of a longer sentence"
SOME_GONE = "Some of these passages have changed since and are left out."
GONE = "The texts have changed since, and that passage is no longer in them. Ask again."
FAILED = "Something went wrong on my side, and it has been noted. Please try again."
TEXT_CHANGED = "This text has changed or gone since. /sources lists the texts I have now."
OUTDATED_COMMAND = (
    "This command has changed. Restart Discord, or press Ctrl+R, and it will be up to date."
)
ALL_SHOWN = "That was all."

CURATORS_ONLY = (
    "Only curators may reload the knowledge: members who may Manage Server, or have a curator role."
)
NOTHING_CHANGED = "Read again: nothing has changed."
LOAD_GOOD = "Load the good files without them"
PREVIOUS = "Previous"
NEXT = "Next"
PREVIOUS_QUOTES = "Previous quotes"
IN_CONTEXT = "In context"
READ_ON = "Read on"
READ_BACK = "Read back"
SHARE = "Share"
DELETE = "Delete"
GO_TO_POST = "Go to post"
QUOTE_IN_BOLD = "the quote in bold"
ASKED = "Asked:"
SHARED_BY = "Shared by"
QUOTED_IN = "Quoted in the text's own language:"
NOT_YOURS_TO_DELETE = "Only the member who asked, or one who may Manage Messages, can delete this."
NOT_FOUND = "I find no passage like that. Type a few of its words, and choose from the list."
REFUSED = "Nothing was changed, because some files cannot be read:"
SKIPPED = "Left out, because they cannot be read:"


def small_talk(kind: SmallTalk, sources: Iterable[Source]) -> str:
    """Return a friendly line that says what can be asked."""
    opening = {
        SmallTalk.GREETING: "Hello!",
        SmallTalk.THANKS: "You are welcome.",
        SmallTalk.REACTION: "All right.",
        SmallTalk.ABOUT: "I answer questions only with exact quotes from the texts I have.",
        SmallTalk.EMPTY: "Ask me a question, in your own words.",
    }[kind]
    return f"{opening} {_invitation(list(sources))}"


def _invitation(sources: list[Source]) -> str:
    if not sources:
        return "I have no texts yet."
    if len(sources) == 1:
        return f"I can quote “{sources[0].title}” by {sources[0].author}."
    return f"I can quote from {len(sources)} texts, “{sources[0].title}” among them."


def quoted_in(languages: Sequence[str]) -> str:
    """Return the line that says in which language the quotes are, if not in the question's."""
    if not languages:
        return ""
    names = [_LANGUAGES.get(language, language) for language in languages]
    return f"{QUOTED_IN} {', '.join(names)}."


def meaning(state: MeaningState | None) -> str:
    """Return the line that says how far the model of meaning is; an empty one without a model."""
    if state is None:
        return ""
    if state.ready:
        return "I find passages by their words and their meaning."
    if state.failed:
        return "I find passages by their words; the model of meaning has failed."
    share = f": {100 * state.done // state.total} % done" if state.total else ""
    return f"I find passages by their words; their meaning is being worked out{share}."


def place(passage: Passage) -> str:
    """Return where a passage stands, such as `post 5 of 7`."""
    return f"post {passage.post.number} of {len(passage.source.posts)}"


def attribution(passage: Passage) -> str:
    """Return who says it and where: author, title and place."""
    return f"{passage.source.author}, “{passage.source.title}”, {place(passage)}"


def more(count: int) -> str:
    """Return the label of what leads to `count` more quotes."""
    return f"{count} more quote{'' if count == 1 else 's'}"


def quote_number(number: int) -> str:
    """Return the label of what leads to another quote of the same answer."""
    return f"Quote {number}"


def post_range(source: Source) -> str:
    """Return the label of the field for a post's number."""
    return f"Number of the post, 1 to {len(source.posts)}"


def did_you_mean(question: str) -> str:
    """Return the label of what asks a question as it was probably meant."""
    return f"Did you mean “{question}”?"


def slow_down(seconds: int) -> str:
    """Return the line for a member who asks faster than is allowed here."""
    return f"That was quick! I can answer the next question in {counted(seconds, 'second')}."


def unknown_source(name: str) -> str:
    """Return the line for a source that is not there."""
    return f"I have no text called “{name}”. /sources lists those I have."


def no_such_post(number: int | str, source: Source) -> str:
    """Return the line for a post that a source does not have."""
    return f"“{source.title}” has posts 1 to {len(source.posts)}, not {number}."


def about(source: Source) -> str:
    """Return a line on a source: title, author, size, date, licence."""
    facts = [counted(len(source.posts), "post")]
    if source.date:
        facts.append(source.date.isoformat())
    if source.license:
        facts.append(source.license)
    return f"{source.title} by {source.author} ({', '.join(facts)})"


def counted(count: int, noun: str) -> str:
    """Return `count` and the noun, such as `7 posts`."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def changes(change: Changes) -> list[str]:
    """Return a line for each way in which the knowledge has changed."""
    lines = [
        f"{verb}: {', '.join(ids)}"
        for verb, ids in (
            ("Added", change.added),
            ("Changed", change.changed),
            ("Removed", change.removed),
        )
        if ids
    ]
    return lines or [NOTHING_CHANGED]


def problems(found: Iterable[Problem]) -> list[str]:
    """Return a line for each problem."""
    return [f"- {problem}" for problem in found]


OPEN = "open"
NOTHING_TO_FIND = "That message has no text to look for."

HELP = """\
I answer with exact quotes from the texts I have, and say so when they do not answer. I never \
write a sentence of my own about the subject.
- `/ask` with a question, or mention me, write to me, or reply to one of my messages.
- `/quote` lists passages as you type, and posts the one you choose.
- `/sources` lists the texts; `/read` shows one page by page.
- Under an answer: further quotes, **In context** for what stands around a quote, **Share** for an \
answer that only you see, **Delete** for the asker and moderators. Or reply to it with “source?”.
- To see where a message comes from: its menu, Apps, **Find the source**.
- Curators: `/reload` after the texts have changed."""


def sources_heading(count: int) -> str:
    """Return the line above the list of sources."""
    return f"I quote from {counted(count, 'text')}:" if count else "I have no texts yet."
