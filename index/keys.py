"""What texts that are to be taken for the same have in common."""

from index.analysis import fold, spans


def title_key(text: str) -> str:
    """What two texts share that say the same title: their terms, punctuation and case aside."""
    terms = (part.term for span in spans(text) for part in span.parts if not part.is_extra)
    return " ".join(terms)


def pin_key(query_text: str) -> str:
    """What two queries share that a pin takes for the same: letters, not case or spacing."""
    return " ".join(fold(query_text).split())
