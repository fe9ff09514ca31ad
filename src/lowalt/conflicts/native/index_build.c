/* Building an index: passages of many flights, and where they are found by cell. */
#include "index.h"

/* index_passages(vertices, offsets, radius, height, uncertainty, tolerance, layout, slabs, boxes,
 * links): write the passages of all flights, one flight after another. The caller has counted
 * them: as many as there are slabs from a flight's first to its last. */
PyObject *lowalt_index_passages(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer in[5], layout, out[3];
    double tolerance;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*dy*w*w*w*", &in[0], &in[1], &in[2], &in[3], &in[4],
                          &tolerance, &layout, &out[0], &out[1], &out[2]))
        return NULL;
    Flights f = {in[0].buf, in[1].buf, in[2].buf, in[3].buf, in[4].buf,
                 in[2].len / (Py_ssize_t)sizeof(double), in[0].len / (Py_ssize_t)sizeof(Vertex)};
    int32_t *slabs = out[0].buf;
    Box *boxes = out[1].buf;
    Link *links = out[2].buf;
    Py_ssize_t room = out[0].len / (Py_ssize_t)sizeof(int32_t), n = 0;
    Layout l = layout_from(layout.buf);
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t flight = 0; flight < f.count; flight++) {
        Walk w = walk_along(&l, &f, flight, tolerance);
        for (int64_t slab = first_slab(&l, &w); slab <= w.last_slab && n < room; slab++, n++) {
            Passage p = passage_in(&l, &w, slab);
            Py_ssize_t begin = f.offsets[flight];
            Link link = {(uint32_t)flight, (uint32_t)(begin + p.first), (uint32_t)(begin + p.last)};
            slabs[n] = (int32_t)slab;
            boxes[n] = p.box;
            links[n] = link;
        }
    }
    Py_END_ALLOW_THREADS
    for (int i = 0; i < 5; i++) PyBuffer_Release(&in[i]);
    PyBuffer_Release(&layout);
    for (int i = 0; i < 3; i++) PyBuffer_Release(&out[i]);
    return PyLong_FromSsize_t(n);
}

/* index_enter(slabs, boxes, layout, home, starts, entries): enter every passage in all cells that its
 * box touches, or with home only in the south-western one. Called first without room for entries,
 * to add to starts how many each place has, and again once starts says where those of each place
 * begin, which moves on to where they end. */
PyObject *lowalt_index_enter(PyObject *self, PyObject *args) {
    (void)self;
    Py_buffer slabs, boxes, layout, starts, entries;
    int home;
    if (!PyArg_ParseTuple(args, "y*y*y*pw*w*", &slabs, &boxes, &layout, &home, &starts, &entries))
        return NULL;
    Layout l = layout_from(layout.buf);
    const int32_t *slab = slabs.buf;
    const Box *box = boxes.buf;
    uint32_t *start = starts.buf, *entry = entries.buf;
    Py_ssize_t count = slabs.len / (Py_ssize_t)sizeof(int32_t);
    int writes = entries.len > 0;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t n = 0; n < count; n++) {
        Cells c = cells_of(&l, &box[n]);
        if (home) c.north = c.south, c.east = c.west;
        for (int32_t row = c.south; row <= c.north; row++) {
            uint32_t *at = start + place_of(&l, slab[n], row);
            for (int32_t column = c.west; column <= c.east; column++) {
                if (writes) entry[at[column]] = (uint32_t)n;
                ++at[column];
            }
        }
    }
    Py_END_ALLOW_THREADS
    PyBuffer_Release(&slabs);
    PyBuffer_Release(&boxes);
    PyBuffer_Release(&layout);
    PyBuffer_Release(&starts);
    PyBuffer_Release(&entries);
    Py_RETURN_NONE;
}
