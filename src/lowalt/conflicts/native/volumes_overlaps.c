/* Boxes in time and space that overlap, found by a sweep in order of time.
 *
 * Each cell of the plane keeps the boxes that have begun; a box that begins goes through those of
 * its cells, pairs with those that are still there, and drops those that have ended. */
#include "volumes.h"
#include "volumes_cells.h"

#define AHEAD 32 /* boxes fetched together, so that waiting for one is waiting for all */

typedef struct {
    double start, end, x0, x1, y0, y1, z0, z1;
    Py_ssize_t party; /* boxes of one party are no pair */
    int32_t number;
} Entry;

typedef struct {
    Grid grid;
    List *cells; /* of Entry */
    List found;  /* int64: the lower number of a pair in the upper half, in the lower the other */
} Sweep;

/* Pair a box that begins with those in cell i, j, and let go of those that have ended. */
static int pair_up(Sweep *s, const Entry *box, Py_ssize_t i, Py_ssize_t j) {
    const Grid *g = &s->grid;
    List *cell = s->cells + j * g->nx + i;
    Entry *entries = (Entry *)cell->data;
    for (size_t k = 0; k < cell->count; k++) {
        while (entries[k].end < box->start && k < --cell->count) entries[k] = entries[cell->count];
        if (k == cell->count) break;
        const Entry *e = entries + k;
        /* One branch for all, seldom taken: each alone could not be foreseen. */
        if (!((e->x0 <= box->x1) & (e->x1 >= box->x0) & (e->y0 <= box->y1) & (e->y1 >= box->y0) &
              (e->z0 <= box->z1) & (e->z1 >= box->z0) & (e->party != box->party)))
            continue;
        /* A pair that shares several cells is found in the last of its first ones. */
        if (i != cell_at(greatest(e->x0, box->x0) - g->x, g->per_m, g->nx)) continue;
        if (j != cell_at(greatest(e->y0, box->y0) - g->y, g->per_m, g->ny)) continue;
        int64_t *pair = list_add(&s->found);
        if (!pair) return 0;
        int64_t one = e->number, other = box->number;
        *pair = one < other ? one << 32 | other : other << 32 | one;
    }
    return 1;
}

static int enter(Sweep *s, const Entry *box) {
    CellRange r = range_of(&s->grid, box->x0, box->y0, box->x1, box->y1);
    for (Py_ssize_t j = r.y0; j <= r.y1; j++)
        for (Py_ssize_t i = r.x0; i <= r.x1; i++) {
            if (!pair_up(s, box, i, j)) return 0;
            Entry *entry = list_add(s->cells + j * s->grid.nx + i);
            if (!entry) return 0;
            *entry = *box;
        }
    return 1;
}

static int sweep(Sweep *s, const Boxes *boxes, const Py_ssize_t *party, size_t most) {
    Entry ahead[AHEAD];
    for (Py_ssize_t m = 0; m < boxes->count; m += AHEAD) {
        Py_ssize_t count = boxes->count - m < AHEAD ? boxes->count - m : AHEAD;
        for (Py_ssize_t k = 0; k < count; k++) {
            Py_ssize_t n = boxes->by_start[m + k];
            const Place *low = boxes->low + n, *high = boxes->high + n;
            ahead[k] = (Entry){low->t, high->t, low->x, high->x, low->y, high->y,
                               low->z, high->z, party[n], (int32_t)n};
        }
        for (Py_ssize_t k = 0; k < count && s->found.count <= most; k++)
            if (!enter(s, ahead + k)) return 0;
    }
    return 1;
}

static int sweep_cells(Sweep *s, const Boxes *boxes, const Py_ssize_t *party, size_t most) {
    if (!boxes->count) return 1;
    s->grid = lowalt_volumes_grid(boxes, 1.0, 1.5);
    size_t cells = (size_t)(s->grid.nx * s->grid.ny);
    s->cells = calloc(cells, sizeof *s->cells);
    if (!s->cells) return 0;
    for (size_t k = 0; k < cells; k++) s->cells[k].size = sizeof(Entry);
    int done = sweep(s, boxes, party, most);
    for (size_t k = 0; k < cells; k++) free(s->cells[k].data);
    free(s->cells);
    return done;
}

/* volume_overlapping(low, high, by_start, party, most): pairs of boxes of different parties that
 * overlap or touch; None where there are more than most. */
PyObject *lowalt_volumes_overlapping(PyObject *self, PyObject *args) {
    Py_buffer b[4];
    Py_ssize_t most;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*n", b, b + 1, b + 2, b + 3, &most)) return NULL;
    Boxes boxes = {b[0].buf, b[1].buf, b[2].buf, b[2].len / (Py_ssize_t)sizeof(Py_ssize_t)};
    Sweep s = {.found = {.size = sizeof(int64_t)}};
    int done;
    Py_BEGIN_ALLOW_THREADS
    done = sweep_cells(&s, &boxes, b[3].buf, (size_t)most);
    Py_END_ALLOW_THREADS
    release(b, 4);
    if (done && s.found.count > (size_t)most) {
        free(s.found.data);
        Py_RETURN_NONE;
    }
    return bytes_of(&s.found, done);
}
