"""
The second derivation: every published number again, from the published file alone.

Nothing is shared with the first one. No module of this package imports the oracle,
mpmath or an array library, nor the reader and the writer of the corpus: the file is
parsed here, the documented equations are transcribed here, and numbers are integers,
fractions and integer roots. What both derivations have in common is what they are about: the
documents, the rules of a bound, and the file format.
"""

from __future__ import annotations

from rmsprop_conformance.corpus.rederive.agreement import Rederived, rederive

__all__ = ["Rederived", "rederive"]
