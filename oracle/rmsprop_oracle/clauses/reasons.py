"""
Why a statement cannot be tested; a reason that several of them share.
"""

from __future__ import annotations

LABEL = "names the thing; what it does is said elsewhere"
ADVICE = "advice on when to use it, no behaviour"
ADDRESS = "says where to read or import, not what is computed"
INTRODUCTION = "introduces what follows and demands nothing itself"
