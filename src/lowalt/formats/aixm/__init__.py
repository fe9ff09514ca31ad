"""AIXM 5.1 and 5.1.1: the airspace of aeronautical data sets, read only.

A message describes features by time slices. Of airspace the baselines are read, each as one zone
with the time for which it holds; what changes them for a while is not applied. What AIXM says and a
zone cannot hold is read so that the zone comes out larger or longer, never smaller, and is told as
a loss.

There is a library for AIXM, aviconv-aixm. Its reader (0.6) drops the references of limits, all
volumes of an airspace but the first, hours, and the order of axes, so that it cannot be read with
here.
"""

from lowalt.formats.aixm.reading import read

__all__ = ["read"]
