"""What parts of the words asked for the entries found have, where they have none of the words."""

from allmende.retrieval.compounds import split
from allmende.retrieval.protocol import Matching, Result
from allmende.retrieval.text import MAX_QUERY_LENGTH, clean, query_tokens, stem


def parts_found(text: str, result: Result) -> tuple[str, ...]:
    """The parts in their order, each once and as the lexicon has it; () where some entry has a word, or none a part."""
    is_partly = not result.required or len(result.unknown) >= len(result.words)
    if result.matching is not Matching.FEWER or not is_partly or not result.by_words:
        return ()
    text = clean(text, MAX_QUERY_LENGTH)
    parts = (part for token in query_tokens(text) for part in split(text[token.start : token.end]))
    return tuple(dict.fromkeys(part for part in parts if stem(part) in result.marked))
