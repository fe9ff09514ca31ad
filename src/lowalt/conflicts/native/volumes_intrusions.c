/* Many flights against many volumes: which legs come near which of them.
 *
 * Flights are taken in runs of a few legs. What lies in the cells that a run's box covers is looked
 * through once, and each of its legs is put against the few volumes that are left. Arrays arrive as
 * buffers whose sizes the Python side has made fit one another. Errors are those of memory only. */
#include "volumes.h"
#include "volumes_passages.h"

#define RUN 8       /* legs that share one search */
#define SLACK_M 1.0 /* that searches are wider by, so that no rounding loses a volume */

static const char CELLS[] = "lowalt.conflicts._native.volume_cells";

typedef struct {
    const Place *vertices;
    const Py_ssize_t *offsets;
    const double *reach, *height, *early; /* by flight */
} Flights;

typedef struct {
    Place low, high;
    int32_t volume;
} Candidate;

/* All that a search needs, and what it finds. */
typedef struct {
    const Flights *flights;
    const Shapes *shapes;
    const Cells *cells;
    Work work;
    List candidates, found;
} Search;

static inline void widen(Place *low, Place *high, const Place *p) {
    low->x = least(low->x, p->x), high->x = greatest(high->x, p->x);
    low->y = least(low->y, p->y), high->y = greatest(high->y, p->y);
    low->z = least(low->z, p->z), high->z = greatest(high->z, p->z);
}

/* Collect the volumes of cell i, j whose boxes overlap a box that begins in the range of cells. */
static int collect_cell(Search *s, const Place *low, const Place *high, CellRange range,
                        Py_ssize_t i, Py_ssize_t j) {
    const Cells *c = s->cells;
    Py_ssize_t k = j * c->grid.nx + i, begin = c->begins[k], end = c->begins[k + 1];
    for (Py_ssize_t m = begin; m < end; m++) {
        Py_ssize_t at = m - begin;
        if (at % BLOCK == 0 && c->latest[c->blocks[k] + at / BLOCK] < low->t) {
            m += BLOCK - 1;
            continue;
        }
        Py_ssize_t n = c->members[m];
        const Place *from = s->shapes->low + n, *to = s->shapes->high + n;
        if (from->t > high->t) break;
        if (to->t < low->t || from->z > high->z || to->z < low->z) continue;
        if (from->x > high->x || to->x < low->x || from->y > high->y || to->y < low->y) continue;
        /* One that is in several of the cells is taken in the last of its first ones. */
        CellRange own = range_between(&c->grid, from, to);
        if (i != (own.x0 > range.x0 ? own.x0 : range.x0)) continue;
        if (j != (own.y0 > range.y0 ? own.y0 : range.y0)) continue;
        Candidate *candidate = list_add(&s->candidates);
        if (!candidate) return 0;
        *candidate = (Candidate){*from, *to, (int32_t)n};
    }
    return 1;
}

/* Collect the volumes near a run of legs, from a first to a last vertex. */
static int collect(Search *s, Py_ssize_t flight, const Place *first, const Place *last) {
    Place low = *first, high = *first;
    for (const Place *p = first + 1; p <= last; p++) widen(&low, &high, p);
    double reach = s->flights->reach[flight] + SLACK_M;
    double height = s->flights->height[flight] + SLACK_M;
    double early = s->flights->early[flight] + SLACK_M;
    low.x -= reach, low.y -= reach, low.z -= height, low.t -= early;
    high.x += reach, high.y += reach, high.z += height, high.t = last->t + early;
    CellRange range = range_between(&s->cells->grid, &low, &high);
    s->candidates.count = 0;
    for (Py_ssize_t j = range.y0; j <= range.y1; j++)
        for (Py_ssize_t i = range.x0; i <= range.x1; i++)
            if (!collect_cell(s, &low, &high, range, i, j)) return 0;
    return 1;
}

/* Put a leg against the candidates. */
static int pass_leg(Search *s, Py_ssize_t flight, const Place *a) {
    const Flights *f = s->flights;
    const Candidate *candidate = (const Candidate *)s->candidates.data;
    const Place *b = a + 1;
    double reach = f->reach[flight];
    double x0 = least(a->x, b->x) - reach, x1 = greatest(a->x, b->x) + reach;
    double y0 = least(a->y, b->y) - reach, y1 = greatest(a->y, b->y) + reach;
    Py_ssize_t leg_number = a - (f->vertices + f->offsets[flight]);
    Passage passage = {(int32_t)flight, (int32_t)leg_number, 0, 0, 0.0, 0.0};
    Leg leg;
    int known = 0; /* whether the leg has been worked out */
    for (size_t n = 0; n < s->candidates.count; n++) {
        const Place *low = &candidate[n].low, *high = &candidate[n].high;
        if ((x1 < low->x) | (x0 > high->x) | (y1 < low->y) | (y0 > high->y)) continue;
        if (!known) leg = lowalt_leg_of(a, b, reach, f->height[flight], f->early[flight]);
        known = 1;
        passage.volume = candidate[n].volume;
        if (!lowalt_pass(&leg, s->shapes, passage, &s->work, &s->found)) return 0;
    }
    return 1;
}

static int search(Search *s, Py_ssize_t flight) {
    const Place *last = s->flights->vertices + s->flights->offsets[flight + 1] - 1;
    const Place *first = s->flights->vertices + s->flights->offsets[flight];
    while (first < last) {
        const Place *end = last - first > RUN ? first + RUN : last;
        if (!collect(s, flight, first, end)) return 0;
        if (!s->candidates.count) first = end;
        for (; first < end; first++)
            if (!pass_leg(s, flight, first)) return 0;
    }
    return 1;
}

static void free_cells(PyObject *capsule) {
    Cells *cells = PyCapsule_GetPointer(capsule, CELLS);
    lowalt_volumes_free(cells);
    free(cells);
}

/* volume_cells(low, high, by_start): the cells that volumes lie in, for volume_passages. */
PyObject *lowalt_volumes_cells(PyObject *self, PyObject *args) {
    Py_buffer b[3];
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*", b, b + 1, b + 2)) return NULL;
    Boxes boxes = {b[0].buf, b[1].buf, b[2].buf, b[2].len / (Py_ssize_t)sizeof(Py_ssize_t)};
    Cells *cells = calloc(1, sizeof *cells);
    int done = 0;
    Py_BEGIN_ALLOW_THREADS
    done = cells && lowalt_volumes_fill(cells, &boxes);
    Py_END_ALLOW_THREADS
    release(b, 3);
    PyObject *capsule = done ? PyCapsule_New(cells, CELLS, free_cells) : PyErr_NoMemory();
    if (!capsule && cells) {
        lowalt_volumes_free(cells);
        free(cells);
    }
    return capsule;
}

/* volume_passages(cells, first, last, vertices, offsets, reach, height, early, x, y, radius, rings,
 * volumes, low, high): the passages of flights from the first up to the last, those of each flight
 * and volume in order of time. */
PyObject *lowalt_volumes_passages(PyObject *self, PyObject *args) {
    Py_ssize_t first, last;
    PyObject *capsule;
    Py_buffer b[12];
    (void)self;
    if (!PyArg_ParseTuple(args, "Onny*y*y*y*y*y*y*y*y*y*y*y*", &capsule, &first, &last, b, b + 1,
                          b + 2, b + 3, b + 4, b + 5, b + 6, b + 7, b + 8, b + 9, b + 10, b + 11))
        return NULL;
    Flights flights = {b[0].buf, b[1].buf, b[2].buf, b[3].buf, b[4].buf};
    Shapes shapes = {b[5].buf, b[6].buf, b[7].buf, b[8].buf, b[9].buf, b[10].buf, b[11].buf};
    Py_ssize_t count = b[9].len / (Py_ssize_t)sizeof(Py_ssize_t) - 1;
    Search s = {.flights = &flights, .shapes = &shapes,
                .cells = PyCapsule_GetPointer(capsule, CELLS),
                .candidates = {.size = sizeof(Candidate)}, .found = {.size = sizeof(Passage)}};
    int done;
    Py_BEGIN_ALLOW_THREADS
    done = lowalt_work_begin(&s.work, &shapes, count);
    for (Py_ssize_t n = first; done && n < last; n++) done = search(&s, n);
    lowalt_work_end(&s.work);
    free(s.candidates.data);
    Py_END_ALLOW_THREADS
    release(b, 12);
    return bytes_of(&s.found, done);
}
