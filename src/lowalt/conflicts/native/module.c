/* lowalt.conflicts._native: the C core, behind lowalt.conflicts.search.native_sweep.
 *
 * Arguments are buffers of arrays that the callers have made and checked; nothing here is meant to
 * be called by anyone else. The interpreter is let go while the work is done. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>

#include "sweep.h"
#include "volumes.h"

PyObject *lowalt_index_level(PyObject *self, PyObject *arrays);
PyObject *lowalt_index_query(PyObject *self, PyObject *args);
PyObject *lowalt_index_passages(PyObject *self, PyObject *args);
PyObject *lowalt_index_enter(PyObject *self, PyObject *args);

/* Encounters, as an object that gives its memory as a buffer of bytes. */
typedef struct {
    PyObject_HEAD Rows rows;
} RowsObject;

Encounter *lowalt_rows_next(Rows *rows) {
    if (rows->count == rows->capacity) {
        int64_t more = rows->capacity ? rows->capacity * 2 : 1024;
        Encounter *grown = realloc(rows->row, (size_t)more * sizeof(Encounter));
        if (!grown) return NULL;
        rows->row = grown;
        rows->capacity = more;
    }
    return rows->row + rows->count++;
}

static void rows_dealloc(PyObject *self) {
    PyTypeObject *type = Py_TYPE(self);
    free(((RowsObject *)self)->rows.row);
    freefunc release = (freefunc)PyType_GetSlot(type, Py_tp_free);
    release(self);
    Py_DECREF(type);
}

static int rows_buffer(PyObject *self, Py_buffer *view, int flags) {
    static Encounter none;
    Rows *rows = &((RowsObject *)self)->rows;
    return PyBuffer_FillInfo(view, self, rows->count ? rows->row : &none,
                             (Py_ssize_t)(rows->count * (int64_t)sizeof(Encounter)), 0, flags);
}

static PyType_Slot rows_slots[] = {
    {Py_tp_dealloc, rows_dealloc}, {Py_bf_getbuffer, rows_buffer}, {0, NULL}};

static PyType_Spec rows_spec = {"lowalt.conflicts._native.Rows", sizeof(RowsObject), 0,
                                Py_TPFLAGS_DEFAULT | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                                rows_slots};

static PyObject *rows_type;

static RowsObject *new_rows(void) {
    allocfunc allocate = (allocfunc)PyType_GetSlot((PyTypeObject *)rows_type, Py_tp_alloc);
    return (RowsObject *)allocate((PyTypeObject *)rows_type, 0);
}

PyDoc_STRVAR(schedule_doc, "schedule(vertices, offsets, epoch, slab, slabs, order, joining, last)\n\n"
                           "Order flights by the slab that they begin in.");

static PyObject *schedule(PyObject *Py_UNUSED(self), PyObject *args) {
    Py_buffer vertices, offsets, order, joining, last;
    double epoch, slab;
    int slabs;
    if (!PyArg_ParseTuple(args, "y*y*ddiw*w*w*", &vertices, &offsets, &epoch, &slab, &slabs,
                          &order, &joining, &last))
        return NULL;
    Py_BEGIN_ALLOW_THREADS
    lowalt_schedule(vertices.buf, offsets.buf, offsets.len / 8 - 1, epoch, slab, slabs, order.buf,
                    joining.buf, last.buf);
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&vertices), PyBuffer_Release(&offsets), PyBuffer_Release(&order);
    PyBuffer_Release(&joining), PyBuffer_Release(&last);
    Py_RETURN_NONE;
}

/* Whether a signal such as Ctrl-C has raised; in a thread other than the main one it never has. */
static int is_interrupted(void) {
    PyGILState_STATE state = PyGILState_Ensure();
    int raised = PyErr_CheckSignals();
    PyGILState_Release(state);
    return raised;
}

PyDoc_STRVAR(sweep_doc, "sweep(vertices, offsets, horizontal, vertical, tolerance, exact, order,\n"
                        "      joining, last, grid, columns, rows, begin, end, most, stop)\n\n"
                        "Meetings of legs in some slabs; None where there are more than most.");

static PyObject *sweep(PyObject *Py_UNUSED(self), PyObject *args) {
    Py_buffer vertices, offsets, horizontal, vertical, order, joining, last, grid, stop;
    Sweep s;
    int columns, rows, begin, end;
    long long most;
    if (!PyArg_ParseTuple(args, "y*y*y*y*diy*y*y*y*iiiiLy*", &vertices, &offsets, &horizontal,
                          &vertical, &s.tolerance, &s.exact, &order, &joining, &last, &grid,
                          &columns, &rows, &begin, &end, &most, &stop))
        return NULL;
    const double *plane = grid.buf; /* epoch, slab, west, south, cell, pad */
    s.vertex = vertices.buf, s.offset = offsets.buf;
    s.horizontal = horizontal.buf, s.vertical = vertical.buf;
    s.order = order.buf, s.joining = joining.buf, s.last_slab = last.buf;
    s.epoch = plane[0], s.slab = plane[1], s.west = plane[2], s.south = plane[3];
    s.per_slab = 1.0 / s.slab, s.per_cell = (float)(1.0 / plane[4]), s.pad = plane[5];
    s.columns = columns, s.rows = rows;
    s.is_interrupted = is_interrupted;
    s.stop = stop.buf;
    RowsObject *found = new_rows();
    int failed = SWEEP_NO_MEMORY;
    if (found) {
        Py_BEGIN_ALLOW_THREADS
        failed = lowalt_sweep(&s, begin, end, most, &found->rows);
        Py_END_ALLOW_THREADS
        if (failed == SWEEP_NO_MEMORY) PyErr_NoMemory();
    }
    PyBuffer_Release(&vertices), PyBuffer_Release(&offsets), PyBuffer_Release(&horizontal);
    PyBuffer_Release(&vertical), PyBuffer_Release(&order), PyBuffer_Release(&joining);
    PyBuffer_Release(&last), PyBuffer_Release(&grid), PyBuffer_Release(&stop);
    if (failed == SWEEP_INTERRUPTED && !PyErr_Occurred()) PyErr_SetNone(PyExc_KeyboardInterrupt);
    if (failed) {
        Py_XDECREF((PyObject *)found);
        if (failed != SWEEP_TOO_MANY) return NULL;
        Py_RETURN_NONE;
    }
    return (PyObject *)found;
}

static PyMethodDef methods[] = {{"schedule", schedule, METH_VARARGS, schedule_doc},
                                {"sweep", sweep, METH_VARARGS, sweep_doc},
                                {"index_level", lowalt_index_level, METH_O, NULL},
                                {"index_query", lowalt_index_query, METH_VARARGS, NULL},
                                {"index_passages", lowalt_index_passages, METH_VARARGS, NULL},
                                {"index_enter", lowalt_index_enter, METH_VARARGS, NULL},
                                {"volume_cells", lowalt_volumes_cells, METH_VARARGS, NULL},
                                {"volume_passages", lowalt_volumes_passages, METH_VARARGS, NULL},
                                {"volume_overlapping", lowalt_volumes_overlapping, METH_VARARGS, NULL},
                                {"volume_decide", lowalt_volumes_decide, METH_VARARGS, NULL},
                                {NULL, NULL, 0, NULL}};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "lowalt.conflicts._native", NULL, -1,
                                    methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__native(void) {
    rows_type = PyType_FromSpec(&rows_spec);
    if (!rows_type) return NULL;
    return PyModule_Create(&module);
}
