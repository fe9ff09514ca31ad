/* What building and asking an index of accepted flights have in common.
 *
 * A passage is what a flight does within a slab of time; lowalt/conflicts/index/passages.py explains
 * passages, and layout.py the cells that they are found by. */
#ifndef LOWALT_INDEX_H
#define LOWALT_INDEX_H

#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "encounter.h"

typedef struct {
    const Vertex *vertices;
    const Py_ssize_t *offsets;
    const double *radius, *height, *uncertainty;
    Py_ssize_t count, vertex_count;
} Flights;

/* How time and the plane are cut: Layout in layout.py, number by number. */
typedef struct {
    double epoch, slab, west, south, grown, per_slab;
    float cells_per_m;
    int64_t slabs, columns, rows, buckets;
    int hashed;
} Layout;

typedef struct {
    float low[3], high[3];
} Box;

typedef struct {
    uint32_t flight, first, last; /* and the vertices that the first and the last leg begin at */
} Link;

typedef struct {
    int64_t slab;
    Py_ssize_t first, last;
    Box box;
} Passage;

/* Cells that a box touches, both ends included. */
typedef struct {
    int32_t west, south, east, north;
} Cells;

/* The flight whose passages are under way. */
typedef struct {
    const Vertex *vertices;
    Py_ssize_t legs, cursor;
    double uncertainty, across, above;
    int64_t last_slab;
} Walk;

/* Times are compared with the borders of slabs only after rounding; this covers it. */
#define SLACK_S 1e-4

#define LAYOUT_NUMBERS 10

static inline Layout layout_from(const double *numbers) {
    Layout l = {numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], 1.0 / numbers[1],
                (float)(1.0 / numbers[5]), (int64_t)numbers[6], (int64_t)numbers[7],
                (int64_t)numbers[8], (int64_t)numbers[9], 0};
    l.hashed = l.buckets > 0;
    return l;
}

static inline int64_t slab_of(const Layout *l, double t) {
    double slab = floor((t - l->epoch) * l->per_slab);
    if (!(slab >= -1.0)) return -1;
    return slab > (double)l->slabs ? l->slabs : (int64_t)slab;
}

static inline int32_t cell_of(const Layout *l, float edge, int64_t cells) {
    float cell = edge * l->cells_per_m, last = (float)(cells - 1);
    if (!(cell > 0.0f)) return 0;
    return (int32_t)(cell < last ? cell : last);
}

static inline Cells cells_of(const Layout *l, const Box *b) {
    Cells c = {cell_of(l, b->low[0], l->columns), cell_of(l, b->low[1], l->rows),
               cell_of(l, b->high[0], l->columns), cell_of(l, b->high[1], l->rows)};
    return c;
}

/* Place of the westernmost cell of a row; the others of the row follow. */
static inline uint64_t place_of(const Layout *l, int64_t slab, int32_t row) {
    uint64_t number = (uint64_t)slab * (uint64_t)l->rows + (uint64_t)row;
    if (!l->hashed) return number * (uint64_t)l->columns;
    return ((number * UINT64_C(0x9E3779B97F4A7C15) >> 32) * (uint64_t)l->buckets) >> 32;
}

static inline Walk walk_along(const Layout *l, const Flights *f, Py_ssize_t flight,
                              double tolerance) {
    Py_ssize_t begin = f->offsets[flight];
    Walk w = {f->vertices + begin, f->offsets[flight + 1] - begin - 1, 0, f->uncertainty[flight],
              f->radius[flight] + tolerance + l->grown, f->height[flight] + tolerance + l->grown,
              0};
    w.last_slab = slab_of(l, w.vertices[w.legs].t + w.uncertainty);
    return w;
}

static inline int64_t first_slab(const Layout *l, const Walk *w) {
    return slab_of(l, w->vertices[0].t - w->uncertainty);
}

static inline void include(double *low, double *high, Vertex v) {
    low[0] = least(low[0], v.x), high[0] = greatest(high[0], v.x);
    low[1] = least(low[1], v.y), high[1] = greatest(high[1], v.y);
    low[2] = least(low[2], v.z), high[2] = greatest(high[2], v.z);
}

/* The passage of a slab. Slabs are asked for in the order of time: the cursor does not go back. */
static inline Passage passage_in(const Layout *l, Walk *w, int64_t slab) {
    const Vertex *v = w->vertices;
    double margin = w->uncertainty + SLACK_S;
    double from = l->epoch + (double)slab * l->slab - margin;
    double to = l->epoch + (double)(slab + 1) * l->slab + margin;
    while (w->cursor < w->legs - 1 && v[w->cursor + 1].t < from) w->cursor++;
    Py_ssize_t leg = w->cursor;
    Vertex start = from > v[leg].t ? place_at(v + leg, least(from, v[leg + 1].t)) : v[leg];
    double low[3] = {start.x, start.y, start.z}, high[3] = {start.x, start.y, start.z};
    while (leg < w->legs && v[leg + 1].t <= to) include(low, high, v[++leg]);
    if (leg < w->legs && to > v[leg].t) include(low, high, place_at(v + leg, to));
    if (leg == w->legs) leg--;
    Passage p = {slab, w->cursor, leg, {{0}, {0}}};
    p.box.low[0] = (float)(low[0] - l->west - w->across);
    p.box.low[1] = (float)(low[1] - l->south - w->across);
    p.box.low[2] = (float)(low[2] - w->above);
    p.box.high[0] = (float)(high[0] - l->west + w->across);
    p.box.high[1] = (float)(high[1] - l->south + w->across);
    p.box.high[2] = (float)(high[2] + w->above);
    return p;
}

#endif
