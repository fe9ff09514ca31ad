"""OpenAir: the text files of airspace that gliders' and paragliders' instruments read.

Read and written after WinPilot's description of 1998 and Naviter's of 2026 (version 2.1.2), which
adds types (``AY``) and times (``AA``). Circles and arcs stay exact. Lines between points are taken
as geodesics; neither description says what they are.
"""

from lowalt.formats.openair.reading import read
from lowalt.formats.openair.writing import write

__all__ = ["read", "write"]
