"""Which words in angle brackets are tags of HTML: `<b>` is one, `<name>`, `<stdio.h>` and `<ann@example.org>` are text."""

_ELEMENTS = (
    "a abbr acronym address area article aside audio b base bdi bdo big blockquote body br button canvas caption center cite"
    " code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset figcaption figure font footer"
    " form frame frameset h[1-6] head header hgroup hr html i iframe img input ins kbd label legend li link main map mark"
    " math menu meta meter nav nobr noscript object ol optgroup option output p param picture pre progress q rp rt ruby s"
    " samp script section select small source span strike strong style sub summary sup svg table tbody td template textarea"
    " tfoot th thead time title tr track tt u ul var video wbr"
)

TAG = (
    rf"(?i:</?(?:{_ELEMENTS.replace(' ', '|')}|[a-z]+(?:-[a-z\d]+)+)(?:\s[^<>\n]{{0,500}}|/)?>)"
    r"|(?-i:</[A-Z]\w*>|<[A-Z]\w*(?:\s[^<>\n]{0,500}=[^<>\n]{0,500}|\s?/)>)"
)
"""A tag as a pattern: of a known element, of one with a hyphen in its name, or of a component as pages in MDX have them."""
