"""What samples start from unless told: how a piece of the text itself begins, so that a reader knows the place."""

import re
from collections import Counter

LOOKED_AT = 300_000  # characters of the training part: counting words in so many takes some hundredths of a second
LONGEST = 24  # characters of a word
LEAST = 3  # times that it must come


def usual_opening(text: str, gap: str) -> str:
    r"""The gap with the word that begins most of a text's paragraphs, or of its lines where nothing parts paragraphs.

    Longer words count for more: "DESCRIPTION\n" says more of the place than "The ". `gap`: the widest gap that the text
    has, which is given back alone where no word comes often enough.
    """
    if not gap.startswith("\n"):
        return gap
    before = gap[:2]
    found = Counter(re.findall(rf"(?={before}([ \t]*\S{{1,{LONGEST}}}[ \n]))", text))
    usual = [(count * len(word.strip()), word) for word, count in found.items() if count >= LEAST]
    return before + max(usual)[1] if usual else gap
