/* Growing arrays, and how what is found leaves for Python: as bytes. */
#ifndef LOWALT_VOLUMES_LISTS_H
#define LOWALT_VOLUMES_LISTS_H

#ifndef Py_LIMITED_API
#define Py_LIMITED_API 0x030B0000
#endif
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdlib.h>

typedef struct {
    char *data;
    size_t count, room, size;
} List;

/* Room for one more, or NULL where memory has run out. */
static inline void *list_add(List *list) {
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 8;
        char *data = realloc(list->data, room * list->size);
        if (!data) return NULL;
        list->data = data;
        list->room = room;
    }
    return list->data + list->size * list->count++;
}

/* The members of a list, which is freed; an error of memory where the work was not done. */
static inline PyObject *bytes_of(List *list, int done) {
    PyObject *bytes = done ? PyBytes_FromStringAndSize(
                                 list->data, (Py_ssize_t)(list->count * list->size))
                           : PyErr_NoMemory();
    free(list->data);
    return bytes;
}

static inline void release(Py_buffer *views, int count) {
    for (int i = 0; i < count; i++) PyBuffer_Release(views + i);
}

#endif
