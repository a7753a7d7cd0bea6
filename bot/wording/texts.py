"""Lines about the texts themselves: what their cards say, and which text is meant."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from itertools import islice

from bot.models import AboutTexts, Extract, Fact, MissingPlace, PlaceKind, Source
from bot.wording.lines import Line, Lines

MOST_LISTED = 5
"""Titles in a line that lists texts."""

_LONGEST = 150  # characters of an author's name or a licence
_LONGEST_LISTED = 60  # of a title or an author's name among others


class TextLines(Lines):
    """Lines that answer questions about the texts themselves."""

    NO_TEXTS = Line("I have no texts yet.")
    NO_DATE = Line("I don't know its date.")
    NO_LINK = Line("I have no link to it.")
    NO_DATE_AND_NO_LINK = Line("I don't know its date and have no link to it.")
    NO_LICENSE = Line("I don't know its licence.")
    ADDING = Line(
        "Curators add texts with `/knowledge add`. Whoever runs me can also put files into my folder."
    )
    CHANGE_UNKNOWN = Line("I don't know when my texts last changed.")
    WHICH_TEXT = Line("Which text do you mean?")
    NAME_THE_TEXT = Line("Name it in your question, or choose it as the `source` of `/ask`.")

    def about_texts(
        self,
        about: AboutTexts,
        changed: datetime | None,
        title: Callable[[Source], str] | None = None,
        plain: Callable[[str], str] = str,
    ) -> str:
        """Answer a question about the texts: a line, or one for each text.

        `changed`: when they last changed. `title` formats the title of a text, `plain` other words of its card.
        """
        titled = title or (lambda source: self.isolated(f"“{source.title}”"))
        if Fact.ADDING in about.facts:
            return self.ADDING
        if Fact.UPDATED in about.facts:
            return self._last_change(changed)
        if not about.sources:
            return self.NO_TEXTS
        if Fact.TEXTS in about.facts:
            return self._texts(about.sources, plain)
        return "\n".join(self._card(each, about.facts, titled, plain) for each in about.sources)

    def _card(
        self,
        source: Source,
        facts: Collection[Fact],
        titled: Callable[[Source], str],
        plain: Callable[[str], str],
    ) -> str:
        """What is known of a text, and what of it is not."""
        known = [self.counted_posts(len(source.posts))]
        if source.date:
            known.append(self._("dated {date}", date=self.day(source.date)))
        if Fact.LANGUAGE in facts:
            known.append(self._("in {language}", language=self.language(source.language)))
        if source.license:
            known.append(self._("licence: {license}", license=plain(_cut(source.license))))
        line = self._(
            "{title} is by {author}: {facts}.",
            title=titled(source),
            author=self.isolated(plain(_cut(source.author))),
            facts=", ".join(known),
        )
        if source.url and Fact.LINK in facts:
            line += f" {self._('Link:')} {source.url}"
        if not source.date or not source.url:
            lacks_both = not source.date and not source.url
            one = self.NO_LINK if source.date else self.NO_DATE
            line += f" {self.NO_DATE_AND_NO_LINK if lacks_both else one}"
        if Fact.LICENSE in facts and not source.license:
            line += f" {self.NO_LICENSE}"
        return line

    def _texts(self, sources: Sequence[Source], plain: Callable[[str], str]) -> str:
        listed = [
            self._(
                "{title} by {author}",
                title=self.isolated(plain(f"“{_cut(each.title, _LONGEST_LISTED)}”")),
                author=self.isolated(plain(_cut(each.author, _LONGEST_LISTED))),
            )
            for each in islice(sources, MOST_LISTED)
        ]
        return self._n(
            "I have {count} text: {texts}.",
            "I have {count} texts: {texts}.",
            len(sources),
            texts=self._with_rest(listed, len(sources)),
        )

    def _last_change(self, changed: datetime | None) -> str:
        if changed is None:
            return self.CHANGE_UNKNOWN
        return self._("My texts last changed on {date}.", date=self.day(changed.date()))

    def which_text(self, sources: Sequence[Source]) -> str:
        """Ask which text is meant, and name some."""
        names = [
            self.isolated(f"“{_cut(each.title, _LONGEST_LISTED)}”")
            for each in islice(sources, MOST_LISTED)
        ]
        return f"{self.WHICH_TEXT} {self._with_rest(names, len(sources))}"

    def extract_name(self, extract: Extract, title: Callable[[str], str] = str) -> str:
        """What a part of a text is called; empty for posts, whose numbers stand below them."""
        return self._place(extract.kind, extract.name, title) if extract.name else ""

    def _place(self, kind: PlaceKind, name: str, title: Callable[[str], str] = str) -> str:
        if kind is PlaceKind.SECTION:
            return self._(
                "section {title}", title=self.isolated(title(_cut(name, _LONGEST_LISTED)))
            )
        if kind is PlaceKind.PAGE:
            return self._("p. {page}", page=name)
        if kind is PlaceKind.TIME:
            return self._("at {time}", time=name.removeprefix("00:").replace("–00:", "–"))
        if kind is PlaceKind.POST:
            return self._("post {number}", number=name)
        if kind is PlaceKind.ITEM:
            section, _, number = name.rpartition(", ")
            item = self._("item {number}", number=number)
            return f"{self._place(PlaceKind.SECTION, section)}, {item}" if section else item
        return name

    def no_such_place(self, missing: MissingPlace) -> str:
        """Say that a text has no such place, and what places it has."""
        source, there = missing.source, missing.there
        place = self._place(missing.kind, missing.name)
        if source is None:
            return self._("None of my texts has {place}. `/sources` lists them.", place=place)
        title = self.isolated(f"“{_cut(source.title)}”")
        if missing.several:
            return self._(
                "{title} has {place} several times: {places}. Which one?",
                title=title,
                place=place,
                places=self._sections(there),
            )
        if missing.kind in {PlaceKind.TIME, PlaceKind.DATE}:
            return self._no_such_time(missing, source, title)
        line = self._("{title} has no {place}.", title=title, place=place)
        if missing.kind is PlaceKind.SECTION and there:
            return f"{line} {self._('Its sections: {places}.', places=self._sections(there))}"
        if there:
            first, last = (self._place(missing.kind, name) for name in there)
            return f"{line} {self._('It goes from {first} to {last}.', first=first, last=last)}"
        last_post = self.number(len(source.posts))
        return f"{line} {self._('It has posts 1 to {last}.', last=last_post)}"

    def _no_such_time(self, missing: MissingPlace, source: Source, title: str) -> str:
        """Say that a recording or a channel has nothing of this time or day."""
        time, *there = (name.removeprefix("00:") for name in (missing.name, *missing.there))
        if not there:
            last_post = self.number(len(source.posts))
            line = self._("{title} has no times in it.", title=title)
            return f"{line} {self._('It has posts 1 to {last}.', last=last_post)}"
        first, last = there
        line = self._("{title} has nothing at {time}.", title=title, time=time)
        return f"{line} {self._('It goes from {first} to {last}.', first=first, last=last)}"

    def _sections(self, names: Sequence[str]) -> str:
        return self.listed([self.isolated(_cut(name, _LONGEST_LISTED)) for name in names])

    def _with_rest(self, listed: list[str], count: int) -> str:
        """List some of `count` texts, and say how many more there are."""
        more = count - len(listed)
        rest = [self._n("{count} more", "{count} more", more)] if more else []
        return self.listed([*listed, *rest])


def _cut(words: str, most: int = _LONGEST) -> str:
    return words if len(words) <= most else f"{words[: most - 1]}…"
