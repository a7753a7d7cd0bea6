"""A small file of every format, in the shape that its program or site writes: where fuzzing begins."""

from __future__ import annotations

from collections.abc import Mapping

from tests.samples import BRIDGE, UNROLL
from tests.texts.formats import (
    test_asciidoc,
    test_copied_posts,
    test_dialogue,
    test_docx,
    test_epub,
    test_forum_page,
    test_gutenberg,
    test_latex,
    test_mail,
    test_mailbox_file,
    test_manual_page,
    test_mediawiki,
    test_obsidian,
    test_odt,
    test_opml,
    test_org,
    test_pasted_chat,
    test_pptx,
    test_reddit,
    test_restructured_text,
    test_rfc,
    test_rtf,
    test_slack,
    test_substation,
    test_telegram,
    test_timed_lines,
    test_whatsapp,
    test_wikipedia_paste,
    test_workbook,
)
from tests.texts.formats.hostile import zipped
from tests.texts.formats.samples import FILES
from tests.texts.formats.small_pdf import Placed, pdf
from tests.texts.formats.test_bluesky import record, repository

PAGE = b"""<!DOCTYPE html>
<html lang="en"><head><title>The lock | Harbour</title><meta name="author" content="Ida Voss">
<meta property="article:published_time" content="2024-05-03T10:00:00Z"><link rel="canonical" href="https://lock.example/">
<style>p { color: red }</style><script>var a = "<p>no</p>";</script></head>
<body><header><nav><ul><li><a href="/">Home</a><li><a href="/b">Boats</a><li><a href="/c">Fees</a></ul></nav></header>
<div class="cookie-banner"><p>We use cookies.</p></div>
<main><article><h1>The lock</h1><p>It opens <b>in spring</b>,<br>at nine.</p><ul><li>boats<li>rafts<ol><li>big</ol></ul>
<table><tr><th>Berth<th>Fee<tr><td>North<td>12</table><blockquote><p>Slowly.</p></blockquote>
<pre><code>lock --open</code></pre><dl><dt>Weir<dd>A low dam.</dl><details><summary>More</summary><p>It is old.</p></details>
<figure><img src="a.png" alt="The gate"><figcaption>The gate.</figcaption></figure></article></main>
<aside class="related"><a href="/x">Other locks</a></aside><footer>2024</footer></body></html>"""

SUBTITLES = b"""WEBVTT

NOTE made by hand

00:01.000 --> 00:04.000 align:start
<v Ida>The lock <c.loud>opened</c></v>

00:04.000 --> 00:06.000
in spring<00:00:05.000><c> again</c>.
"""
MARKDOWN = b"""# The lock

It *opens* in [spring](https://x.example).[^1]

| Berth | Fee |
|-------|-----|
| North | 12  |

You must bring:
- a lamp
- [ ] a rope

```sh
lock --open
```

> Slowly.

<details><summary>More</summary>It is old.</details>

[^1]: Or so they say.
"""
FRONTED = b"""---
Title: The lock: a history
author: @ida
tags: [locks, water]
date: 2024-05-03T10:00:00
source: https://lock.example
aliases: {lock: [gate]}
---
It opens in spring.

<!-- page 12 -->

It shuts in autumn.
"""
NUMBERED = "🧵 1/3 The lock opens in spring.\n\n2/3 It is 2/3 full.\n\n3/3 End.\n".encode()

SEEDS: Mapping[str, bytes] = {
    "x-archive": (FILES / "tweets.js").read_bytes(),
    "discord": (FILES / "discord.json").read_bytes(),
    "telegram": test_telegram.export(),
    "slack": test_slack.EXPORT,
    "bluesky": (FILES / "bluesky-thread.json").read_bytes(),
    "bluesky-car": repository({"app.bsky.feed.post/3ka": record("The lock opens.")}),
    "mastodon": (FILES / "outbox.json").read_bytes(),
    "threads": (FILES / "threads_and_replies.json").read_bytes(),
    "reddit": test_reddit.THREAD.encode(),
    "json-faq": b'{"faqs": [{"question": "When does it open?", "answer": "<p>In spring.</p>", "category": "Lock"}]}',
    "threadreader-page": (FILES / "threadreader.html").read_bytes(),
    "forum-page": test_forum_page.DISCOURSE.encode(),
    "html": PAGE,
    "pdf": pdf(
        [[Placed(72, 720, "The lock", 20, bold=True), Placed(72, 680, "It opens.")]], "Lock"
    ),
    "epub": test_epub.book(),
    "docx": test_docx.document(test_docx.BODY),
    "xlsx": test_workbook.book(FAQ=[["Question", "Answer"], ["When?", "In spring."]]),
    "pptx": test_pptx.slides(*test_pptx.SLIDES),
    "odt": test_odt.document(test_odt.BODY),
    "rtf": test_rtf.TEXT,
    "opml": test_opml.OUTLINE.encode(),
    "ass": test_substation.ASS,
    "subtitles": SUBTITLES,
    "mbox": test_mailbox_file.MBOX,
    "email": test_mail.REPLY.encode(),
    "zip": zipped({"one.txt": "The lock opens.", "b/two.md": "# Two\n\nIt shuts."}),
    "obsidian": test_obsidian.NOTE.encode(),
    "mediawiki": test_mediawiki.PAGE.encode(),
    "knowledge": FRONTED,
    "whatsapp": test_whatsapp.IPHONE.encode(),
    "reddit-paste": test_reddit.PAGE.encode(),
    "pasted-chat": test_pasted_chat.DISCORD.encode(),
    "gutenberg": test_gutenberg.BOOK.encode(),
    "twtext": UNROLL.encode(),
    "threadreader": (FILES / "threadreader.txt").read_bytes(),
    "wikipedia-paste": test_wikipedia_paste.PAGE.encode(),
    "numbered": NUMBERED,
    "copied": test_copied_posts.PAGE.encode(),
    "transcript": test_timed_lines.BELOW.encode(),
    "csv": b'Question,Answer\nWhen does it open?,In spring.\n"A, b","two\nlines"\n',
    "dialogue": test_dialogue.PLAY.encode(),
    "org": test_org.TEXT.encode(),
    "latex": test_latex.PAPER.encode(),
    "rfc": test_rfc.MEMO.encode(),
    "man": test_manual_page.PAGE.encode(),
    "rst": test_restructured_text.TEXT.encode(),
    "asciidoc": test_asciidoc.TEXT.encode(),
    "markdown": MARKDOWN,
    "paragraphs": "\n\n".join(post.text for post in BRIDGE.posts).encode(),
}
