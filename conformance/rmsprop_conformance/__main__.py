"""
`python -m rmsprop_conformance` is the command `rmsprop-conformance`.
"""

from __future__ import annotations

import sys

from rmsprop_conformance.cli import main

if __name__ == "__main__":
    sys.exit(main())
