"""The text tells what is said in other words."""

from collections.abc import Collection
from dataclasses import replace

from tests.mutations.recording import KnownLine, Recording

__all__ = ["paraphrase"]

_OTHER_WORDS = {
    "and": "plus", "but": "though", "because": "since", "think": "believe", "really": "truly",
    "very": "quite", "people": "persons", "things": "matters", "thing": "matter", "important": "essential",
    "big": "large", "good": "fine", "get": "obtain", "want": "wish", "need": "require", "use": "employ",
    "make": "produce", "say": "claim", "said": "claimed", "see": "notice", "look": "seem",
    "maybe": "perhaps", "lot": "great deal", "way": "manner", "kind": "sort", "question": "query",
    "answer": "reply", "example": "instance", "data": "material", "model": "system", "models": "systems",
    "year": "twelvemonth", "years": "seasons", "is": "happens to be", "are": "happen to be",
    "was": "used to be", "has": "possesses", "have": "possess", "will": "shall", "can": "is able to",
    "could": "might", "every": "each", "again": "once more", "begins": "starts",
    "listened": "paid attention", "knew": "was aware", "not": "hardly", "that": "this", "it": "the same",
    "i": "one", "you": "someone", "we": "all of us", "they": "others",
}  # fmt: skip


def paraphrase(recording: Recording, numbers: Collection[int]) -> Recording:
    """These lines in other words, their clauses in another order where a comma parts them."""
    return recording.with_lines(
        [_paraphrased(line) if n in numbers else line for n, line in enumerate(recording.lines)]
    )


def _paraphrased(line: KnownLine) -> KnownLine:
    end = line.text[-1] if line.text[-1] in ".?!" else ""
    clauses = line.text.removesuffix(end).split(", ")
    text = ", ".join(_in_other_words(clause) for clause in (*clauses[1:], clauses[0])) + end
    return replace(line, text=text[:1].upper() + text[1:], verbatim=False, word_starts=())


def _in_other_words(clause: str) -> str:
    return " ".join(_OTHER_WORDS.get(word.lower().strip(",.;:"), word) for word in clause.split())
