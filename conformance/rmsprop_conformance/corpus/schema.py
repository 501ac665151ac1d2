"""
Whether a document is what its JSON Schema says; the first fault as one sentence.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rmsprop_conformance.errors import DamagedCorpus

_SHOWN = 120
"""
Characters of a fault that are shown: a validator repeats whole documents.
"""


def require(document: Any, schema: Path, file: str) -> None:
    """
    Refuse a document that its schema does not allow.

    Args:
        document: what was read.
        schema: the file of its schema.
        file: the file that the document was read from, for the message.

    Raises:
        DamagedCorpus: naming the file, the field and the fault that lies deepest.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import best_match

    validator = Draft202012Validator(json.loads(schema.read_bytes()))
    fault = best_match(validator.iter_errors(document))
    if fault is not None:
        text = fault.message if len(fault.message) <= _SHOWN else f"{fault.message[:_SHOWN]}…"
        raise DamagedCorpus(file, fault.json_path, text)
