/* What lowalt.conflicts._native offers for volumes: volumes_intrusions.c, volumes_overlaps.c and
 * volumes_planar.c. */
#ifndef LOWALT_VOLUMES_H
#define LOWALT_VOLUMES_H

#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#include <Python.h>

PyObject *lowalt_volumes_cells(PyObject *self, PyObject *args);
PyObject *lowalt_volumes_passages(PyObject *self, PyObject *args);
PyObject *lowalt_volumes_overlapping(PyObject *self, PyObject *args);
PyObject *lowalt_volumes_decide(PyObject *self, PyObject *args);

#endif
