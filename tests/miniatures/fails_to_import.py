"""
A module that raises while it is imported.
"""

from __future__ import annotations

raise RuntimeError("this port needs a device that is not there")
