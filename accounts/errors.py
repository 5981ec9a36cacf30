"""What every refusal of a verb has in common, so that page and API can answer it alike."""


class DomainError(Exception):
    """A verb was refused; the message is a sentence for the person who asked."""


class NotAllowed(DomainError):
    """This person may not do this."""


class Conflict(DomainError):
    """Somebody else changed it in the meantime (rule 5)."""
