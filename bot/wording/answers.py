"""Lines around quotes, and of the commands for members."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.library.embedding import EmbeddingStatus
from bot.models import Marker, Passage, SmallTalk, Source
from bot.texts.clauses import clause_of
from bot.wording.lines import Line, Lines

PROBABLE = 0.75
"""The least chance, that one of the quotes answers, that is called probable."""


class AnswerLines(Lines):
    """Lines above, below and instead of quotes."""

    CLOSEST = Line("I'm not sure this answers your question:")
    PROBABLY = Line("This probably answers your question, but I'm not certain:")
    NOT_COVERED = Line("I found no answer to that in my texts.")
    LISTED_BY = Line("`/sources` lists them.")
    SHOW_NEAREST = Line("Show the closest passages")
    NEAREST = Line("The closest passages, though I don't think they answer your question:")
    FURTHER = Line("More passages, less likely to answer:")
    CENTRAL = Line(
        "I don't summarise. Here is how the text begins, and its key sentences, in the author's own "
        "words:"
    )
    REPEATED = Line("That message quotes:")
    NOT_REPEATED = Line("I can't find that message in the texts I have.")
    PARTLY_REPEATED = Line("That message may come from:")
    NOTHING_TO_FIND = Line("That message has no text to look for.")

    EXCERPT = Line("an excerpt of a longer sentence")
    QUOTE_IN_BOLD = Line("the quote in bold")
    ASKED = Line("Asked:")
    SHARED_BY = Line("Shared by")
    QUOTED_IN = Line("Quoted in the text's own language:")

    SOME_GONE = Line("Some of these passages have changed since then, so I've left them out.")
    GONE = Line("The texts have changed since then, and that passage is gone. Please ask again.")
    TEXT_CHANGED = Line(
        "This text has been changed or removed since then. /sources lists the texts I have now."
    )
    NOT_FOUND = Line(
        "I can't find a passage like that. Type a few of its words and pick one from the list."
    )
    FIND_BY_TYPING = Line("`/read` finds one as you type.")
    ALL_SHOWN = Line("That's all.")
    FAILED = Line("Sorry, something went wrong on my side, and I've logged it. Please try again.")
    SEARCH_UNAVAILABLE = Line(
        "I can't search the texts at the moment. Please ask again in a minute."
    )
    OUTDATED_COMMAND = Line(
        "This command has changed. Restart Discord, or press Ctrl+R, and it will be up to date."
    )
    OUTDATED_BUTTON = Line(
        "This is from another version of me, and doesn't work any more. Please ask again, or use the command again."
    )

    PREVIOUS = Line("Previous")
    NEXT = Line("Next")
    PREVIOUS_QUOTES = Line("Previous quotes")
    IN_CONTEXT = Line("In context")
    READ = Line("Read")
    READ_ON = Line("Read on")
    READ_BACK = Line("Go back")
    GO_TO_POST = Line("Go to post")
    OPEN = Line("open")
    CITE = Line("Cite")
    FOLLOW_UP = Line("Follow up")
    YOUR_QUESTION = Line("Your question")
    FOLLOW_UP_EXAMPLE = Line("For example: and why?")
    SHARE = Line("Share")
    DELETE = Line("Delete")
    NOT_YOURS_TO_SHARE = Line("Only the member who asked can share this.")
    NOT_YOURS_TO_DELETE = Line(
        "Only the member who asked, or someone with Manage Messages, can delete this."
    )

    HELP = Line("""\
I answer with exact quotes from the texts I know, and say so when they have no answer. I never \
write a sentence of my own about the subject.
- **Ask**: `/ask`, mention me, or send me a direct message. If you edit your message within five \
minutes, my reply follows. **Follow up** under an answer lets you ask more, such as “and why?”.
- **Find words or a place**: `/quote` lists passages as you type and posts the one you pick. `post 4`, \
`posts 3-5`, `section Fees` or `p. 12` is quoted whole, in `/ask` too.
- **About a text**: ask who wrote it, when, how long it is, or what it is about.
- **Read**: `/sources` lists the texts, `/read` opens one, `/random` shows a passage.
- **Under an answer**: more quotes, **In context**, **Cite**, **Share**, **Delete**. **Right** and **Wrong** \
tell the curators how good it was.
- **Where is a message from?** In its menu: Apps, **Find the source**.
- **Privacy**: `/privacy` says what I keep; with `/me` you choose your language, who sees your answers \
and whether I keep your questions. Where I listen without being mentioned, I speak only if the texts have \
an answer.
- **Curators**: `/knowledge` adds and removes texts, `/reload` reads them again, `/daily` posts a \
passage every day, `/check` says what I may do here, `/settings`, `/gaps` and `/stats` are for this \
server.""")

    def small_talk(
        self, kind: SmallTalk, sources: Iterable[Source], plain: Callable[[str], str] = str
    ) -> str:
        """A friendly line that says what can be asked. `plain` formats the name of a text, and its author's."""
        opening = {
            SmallTalk.GREETING: self._("Hello!"),
            SmallTalk.THANKS: self._("You're welcome!"),
            SmallTalk.REACTION: self._("Okay."),
            SmallTalk.ABOUT: self._(
                "I answer questions only with exact quotes from the texts I have."
            ),
            SmallTalk.EMPTY: self._("Ask me a question, in your own words."),
        }[kind]
        return f"{opening} {self._invitation(list(sources), plain)}"

    def _invitation(self, sources: list[Source], plain: Callable[[str], str]) -> str:
        if not sources:
            return self._("I have no texts yet.")
        title, author = (
            self.isolated(plain(words)) for words in (sources[0].title, sources[0].author)
        )
        if len(sources) == 1:
            return self._("I can quote “{title}” by {author}.", title=title, author=author)
        return self._n(
            "I can quote from {count} text, “{title}” among them.",
            "I can quote from {count} texts, “{title}” among them.",
            len(sources),
            title=title,
        )

    def closest(self, chance: float) -> str:
        """How sure it is that one of the quotes below answers, from the chance of that."""
        return self.PROBABLY if chance >= PROBABLE else self.CLOSEST

    def not_covered(self) -> str:
        """Says that no text answers, and where the texts are listed."""
        return f"{self.NOT_COVERED} {self.LISTED_BY}"

    def quoted_in(self, languages: Sequence[str]) -> str:
        """The language of the quotes, if it is not the question's."""
        if not languages:
            return ""
        return f"{self.QUOTED_IN} {self.listed([self.language(tag) for tag in languages])}."

    def read_in_part(self, characters: int) -> str:
        """Says that only the beginning of a long question was read."""
        return self._n(
            "That's a long question: I read only its first {count} character.",
            "That's a long question: I read only its first {count} characters.",
            characters,
        )

    def meaning(self, state: EmbeddingStatus | None) -> str:
        """How far the embedding model is; empty without one."""
        if state is None:
            return ""
        if state.ready:
            return self._with_meaning(state)
        if state.failed:
            return self._(
                "I find passages by their words only: the model for their meaning has failed."
            )
        if not state.total:
            return self._("I find passages by their words; by their meaning soon, too.")
        return self._(
            "I find passages by their words; by their meaning soon, too ({percent} % ready).",
            percent=self.number(100 * state.done // state.total),
        )

    def _with_meaning(self, state: EmbeddingStatus) -> str:
        if state.by_default:
            return self._(
                "I find passages by their words and their meaning. How sure I am is an estimate: this"
                " model has no calibration of its own."
            )
        if state.ranks_only:
            return self._("I find passages by their words, and order them by their meaning, too.")
        return self._("I find passages by their words and their meaning.")

    def also(
        self, twins: Sequence[Passage], attribution: Callable[[Passage], str], most: int = 3
    ) -> list[str]:
        """At most `most` lines for further places with the same words as a quote (0: one that counts them)."""
        named = twins if len(twins) <= most else twins[: max(0, most - 1)]
        lines = [self._("also: {attribution}", attribution=attribution(one)) for one in named]
        if left := len(twins) - len(named):
            lines.append(self._n("and in {count} more place", "and in {count} more places", left))
        return lines

    def place(self, passage: Passage, title: Callable[[str], str] = str) -> str:
        """Where a passage stands: `section Fees, item 3`, `clause 2.2(a)`, `p. 12`, `at 12:40`, or `post 5 of 7`.

        `title` formats the title of a section.
        """
        parts = []
        if passage.headings:
            section = title(_cut(passage.headings[-1], 80))
            parts.append(self._("section {title}", title=self.isolated(section)))
        marker = passage.marker
        if marker is not None and marker.value:
            parts.append(self._marked(marker))
        clause = clause_of(passage)
        if clause is not None:
            label = self.isolated(clause)
            parts.append(self._("clause {number}", number=label) if clause[0].isdigit() else label)
        if not parts:
            return self.post(passage.post.number, passage.source)
        if passage.item and clause is None:
            parts.append(self._item(passage))
        return ", ".join(parts)

    def _marked(self, marker: Marker) -> str:
        if marker.kind == "page":
            return self._("p. {page}", page=marker.value)
        if marker.kind == "time":
            return self._("at {time}", time=marker.value.removeprefix("00:"))
        return _cut(marker.value.partition("T")[0], 20)

    def _item(self, passage: Passage) -> str:
        number = self.number(passage.item)
        if passage.post.text.lstrip().startswith("|"):
            return self._("row {number}", number=number)
        return self._("item {number}", number=number)

    def post(self, number: int, source: Source) -> str:
        """A post's number, of how many."""
        of = self.number(len(source.posts))
        return self._("post {number} of {count}", number=self.number(number), count=of)

    def posts(self, first: int, last: int, source: Source) -> str:
        """The numbers of a post, or of several, of how many."""
        if first == last:
            return self.post(first, source)
        return self._(
            "posts {first}–{last} of {count}",
            first=self.number(first),
            last=self.number(last),
            count=self.number(len(source.posts)),
        )

    def part_of_post(self, number: int, source: Source) -> str:
        """The same for a part of a post."""
        of = self.number(len(source.posts))
        return self._("part of post {number} of {count}", number=self.number(number), count=of)

    def attribution(self, passage: Passage) -> str:
        """Author, title and place of a passage."""
        return f"{passage.author}, “{passage.source.title}”, {self.place(passage)}"

    def more(self, count: int) -> str:
        """The label of the button to further quotes."""
        return self._n("{count} more quote", "{count} more quotes", count)

    def more_lines(self, count: int) -> str:
        """The number of lines that a message has no room for."""
        return self._n("… and {count} more line", "… and {count} more lines", count)

    def quote_number(self, number: int) -> str:
        """The label of the button to another quote of the same answer."""
        return self._("Quote {number}", number=self.number(number))

    def post_range(self, source: Source) -> str:
        """The label of the field for a post's number."""
        return self._("Number of the post, 1 to {last}", last=self.number(len(source.posts)))

    def did_you_mean(self, question: str) -> str:
        """The label of the button that asks a corrected question."""
        return self._("Did you mean “{question}”?", question=question)

    def slow_down(self, seconds: int) -> str:
        """Asks a member to wait."""
        return self._n(
            "That was quick! I can answer the next question in {count} second.",
            "That was quick! I can answer the next question in {count} seconds.",
            seconds,
        )

    def unknown_source(self, name: str) -> str:
        """Says that there is no such text."""
        return self._("I have no text called “{name}”. /sources lists those I have.", name=name)

    def no_such_post(self, number: int | str, source: Source) -> str:
        """Says that a text has no such post."""
        return self._(
            "“{title}” has posts 1 to {last}, not {number}.",
            title=self.isolated(source.title),
            last=self.number(len(source.posts)),
            number=number,
        )

    def about(self, source: Source, most: int = 200, *, stale: bool = False) -> str:
        """A text in one line: title, author, size, date, licence, at most `most` characters of each.

        `stale`: its file cannot be read now, so that this is an earlier version.
        """
        facts = [self.counted_posts(len(source.posts))]
        if source.date:
            facts.append(self.day(source.date))
        if source.license:
            facts.append(self.isolated(_cut(source.license, most)))
        if stale:
            facts.append(self._("an earlier version: its file can't be read now"))
        return self._(
            "{title} by {author} ({facts})",
            title=self.isolated(_cut(source.title, most)),
            author=self.isolated(_cut(source.author, most)),
            facts=", ".join(facts),
        )

    def sources_heading(self, count: int) -> str:
        """The heading of the list of texts."""
        if not count:
            return self._("I have no texts yet.")
        return self._n("I quote from {count} text:", "I quote from {count} texts:", count)


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
