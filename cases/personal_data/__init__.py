"""What looks like personal data in free text, and who said, with a reason, that a piece of it is none (rule 9).

No part of it can know that a text names nobody, so it replaces no care; docs/personal-data.md says how often it is
right and wrong.
"""

from cases.personal_data.confirmation import (
    LooksPersonal,
    Place,
    check,
    check_all,
    check_named,
    says_something,
    sentence,
    unresolved,
)
from cases.personal_data.detection import suspicions
from cases.personal_data.suspicion import Kind, Suspicion

__all__ = [
    "Kind",
    "LooksPersonal",
    "Place",
    "Suspicion",
    "check",
    "check_all",
    "check_named",
    "says_something",
    "sentence",
    "suspicions",
    "unresolved",
]
