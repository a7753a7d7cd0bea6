"""Documents in LaTeX."""

from __future__ import annotations

import pytest

from bot.errors import VerbatimError
from tests.texts.formats.samples import draft_of, reasons

PAPER = r"""% by hand
\documentclass[11pt]{article}
\title{The Lock at \emph{Weir End}}
\author{Ida Voss\thanks{Of the club.} \and Ren\'e M\"uller}
\begin{document}
\maketitle
\section{History}\label{sec:history}
The lock was built in 1790~\cite[p.~3]{voss}. It has \textbf{two} gates,
% no: three
which ``leak'' at 5\,\% --- in stra\ss{}e terms.\footnote{Not much.}

It holds $x_1 < 5\%$ of the water.
\subsection*{Flood}
\begin{itemize}
\item The upper gate was found.
\item[Lower] was not.
\end{itemize}
\begin{figure}\includegraphics{gate.png}\caption{The gate.}\end{figure}
\end{document}
Not printed.
"""


def test_a_document_is_kept_as_it_is_printed() -> None:
    """Sections, items, quotation marks and accents; a formula stays as it is written."""
    draft = draft_of(PAPER)
    assert draft.posts == (
        "## History",
        "The lock was built in 1790. It has two gates, which “leak” at 5 % — in straße terms.",
        "It holds $x_1 < 5\\%$ of the water.",
        "### Flood",
        "- The upper gate was found.",
        "- Lower was not.",
    )
    assert (draft.title, draft.author) == ("The Lock at Weir End", "Ida Voss, René Müller")


def test_what_is_left_out_is_reported() -> None:
    """Comments, references, notes and pictures."""
    assert reasons(draft_of(PAPER)) == {
        "a comment, which is not printed": 2,
        "a picture, a table or references": 1,
        "a footnote, a reference or a setting": 3,
    }


def test_a_document_without_words_is_refused() -> None:
    """In a line."""
    with pytest.raises(VerbatimError, match="contains no words between"):
        draft_of("\\documentclass{article}\n\\begin{document}\n\\maketitle\n\\end{document}\n")


def test_words_about_latex_are_no_document() -> None:
    """A document begins with its class."""
    assert (
        draft_of("Begin with \\documentclass{article}, then \\begin{document}.\n").format
        == "paragraphs"
    )
