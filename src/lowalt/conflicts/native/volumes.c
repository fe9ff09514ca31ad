/* Volumes of airspace against flights and against one another.
 *
 * Operation by operation the same as lowalt/conflicts/volumes/passages.py and planar.py, which
 * explain them; compiled without contraction of products and sums, both give the same bits. Arrays
 * arrive as buffers whose sizes the Python side has made fit one another; what is found leaves as
 * bytes. Errors are those of memory only. */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#include "volumes.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define STILL_M 1e-9 /* legs shorter than this stay where they begin */
#define SLACK_M 1.0  /* that cells are searched wider by, so that no rounding loses a volume */
#define BLOCK 16     /* volumes of a cell whose latest end is known together */

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double greatest(double a, double b) { return a > b ? a : b; }

/* ---- growing arrays ------------------------------------------------------------------------- */

typedef struct {
    char *data;
    size_t count, room, size;
} List;

static void *list_add(List *list) {
    if (list->count == list->room) {
        size_t room = list->room ? 2 * list->room : 64;
        char *data = realloc(list->data, room * list->size);
        if (!data) return NULL;
        list->data = data;
        list->room = room;
    }
    return list->data + list->size * list->count++;
}

/* ---- the volumes and the cells they lie in ------------------------------------------------- */

typedef struct {
    double t, x, y, z;
} Place;

typedef struct {
    const double *x, *y, *radius;
    const Py_ssize_t *rings, *offsets;
    const Place *low, *high;
    const Py_ssize_t *by_start; /* numbers of the volumes, the earliest start first */
    Py_ssize_t count;
} Volumes;

typedef struct {
    double x, y, per_m;    /* corner, cells per metre */
    Py_ssize_t nx, ny;     /* cells along x and y */
    Py_ssize_t *begins;    /* members of cell c: members[begins[c]] to members[begins[c + 1]] */
    Py_ssize_t *blocks;    /* blocks of cell c: latest[blocks[c]] on */
    int32_t *members;
    double *latest; /* latest end within each block of a cell's members */
} Cells;

typedef struct {
    Py_ssize_t x0, y0, x1, y1;
} CellRange;

static inline Py_ssize_t cell_at(double offset, double per_m, Py_ssize_t n) {
    double c = offset * per_m;
    if (!(c > 0.0)) return 0;
    return c >= (double)(n - 1) ? n - 1 : (Py_ssize_t)c;
}

static inline CellRange range_of(const Cells *c, double x0, double y0, double x1, double y1) {
    CellRange r = {cell_at(x0 - c->x, c->per_m, c->nx), cell_at(y0 - c->y, c->per_m, c->ny),
                   cell_at(x1 - c->x, c->per_m, c->nx), cell_at(y1 - c->y, c->per_m, c->ny)};
    return r;
}

static inline CellRange volume_range(const Cells *c, const Volumes *v, Py_ssize_t n) {
    return range_of(c, v->low[n].x, v->low[n].y, v->high[n].x, v->high[n].y);
}

static void cells_free(Cells *c) {
    free(c->begins);
    free(c->blocks);
    free(c->members);
    free(c->latest);
}

/* Lay out so many cells for each volume, fewer where volumes are so large that they would be in
 * more cells than so many on average. Answers how many entries that makes. */
static size_t lay_out(Cells *c, const Volumes *v, double cells, size_t entries_each) {
    double x1 = -INFINITY, y1 = -INFINITY;
    c->x = c->y = INFINITY;
    for (Py_ssize_t n = 0; n < v->count; n++) {
        c->x = least(c->x, v->low[n].x);
        c->y = least(c->y, v->low[n].y);
        x1 = greatest(x1, v->high[n].x);
        y1 = greatest(y1, v->high[n].y);
    }
    double width = greatest(x1 - c->x, 1.0), depth = greatest(y1 - c->y, 1.0);
    double side = sqrt(width * depth / (cells * (double)v->count + 1024.0));
    for (;; side *= 2.0) {
        side = greatest(side, greatest(width, depth) / 4096.0);
        c->per_m = 1.0 / side;
        c->nx = (Py_ssize_t)(width / side) + 1;
        c->ny = (Py_ssize_t)(depth / side) + 1;
        size_t entries = 0;
        for (Py_ssize_t n = 0; n < v->count; n++) {
            CellRange r = volume_range(c, v, n);
            entries += (size_t)(r.x1 - r.x0 + 1) * (size_t)(r.y1 - r.y0 + 1);
        }
        if (entries <= entries_each * ((size_t)v->count + 4096)) return entries;
        if (c->nx * c->ny == 1) return entries;
    }
}

static int cells_of(Cells *c, const Volumes *v) {
    memset(c, 0, sizeof *c);
    size_t entries = lay_out(c, v, 16.0, 32), cells = (size_t)(c->nx * c->ny);
    c->begins = calloc(cells + 1, sizeof *c->begins);
    c->blocks = calloc(cells + 1, sizeof *c->blocks);
    c->members = malloc((entries + 1) * sizeof *c->members);
    if (!c->begins || !c->blocks || !c->members) return 0;
    for (Py_ssize_t n = 0; n < v->count; n++) {
        CellRange r = volume_range(c, v, n);
        for (Py_ssize_t j = r.y0; j <= r.y1; j++)
            for (Py_ssize_t i = r.x0; i <= r.x1; i++) c->begins[j * c->nx + i + 1]++;
    }
    for (size_t k = 0; k < cells; k++) {
        c->blocks[k + 1] = c->blocks[k] + (c->begins[k + 1] + BLOCK - 1) / BLOCK;
        c->begins[k + 1] += c->begins[k];
    }
    Py_ssize_t *next = malloc((cells + 1) * sizeof *next);
    c->latest = malloc(((size_t)c->blocks[cells] + 1) * sizeof *c->latest);
    if (!next || !c->latest) {
        free(next);
        return 0;
    }
    memcpy(next, c->begins, (cells + 1) * sizeof *next);
    for (Py_ssize_t b = 0; b < c->blocks[cells]; b++) c->latest[b] = -INFINITY;
    for (Py_ssize_t m = 0; m < v->count; m++) {
        Py_ssize_t n = v->by_start[m];
        CellRange r = volume_range(c, v, n);
        for (Py_ssize_t j = r.y0; j <= r.y1; j++)
            for (Py_ssize_t i = r.x0; i <= r.x1; i++) {
                Py_ssize_t k = j * c->nx + i, at = next[k]++;
                double *latest = c->latest + c->blocks[k] + (at - c->begins[k]) / BLOCK;
                c->members[at] = (int32_t)n;
                *latest = greatest(*latest, v->high[n].t);
            }
    }
    free(next);
    return 1;
}

/* ---- one leg against one volume ------------------------------------------------------------ */

typedef struct {
    double from, to;
} Span;

typedef struct {
    int32_t flight, leg, volume, unused;
    double t_in, t_out;
} Passage; /* 32 bytes: the dtype PASSAGE */

/* A leg, seen from its beginning: along it and to its left. */
typedef struct {
    Place a, b;
    double u, v;     /* direction, east where it stays at one place */
    double length_m; /* 0 where it stays */
    double duration_s, dz_m;
} Leg;

typedef struct {
    List crossings, spans; /* double; Span */
    double *across;        /* room for the vertices of the largest ring, and one more */
} Work;

static int by_value(const void *a, const void *b) {
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

static int by_from(const void *a, const void *b) {
    double p = ((const Span *)a)->from, q = ((const Span *)b)->from;
    return (p > q) - (p < q);
}

static Leg leg_of(const Place *a, const Place *b) {
    Leg leg = {*a, *b, 1.0, 0.0, 0.0, b->t - a->t, b->z - a->z};
    double dx = b->x - a->x, dy = b->y - a->y, length = sqrt(dx * dx + dy * dy);
    if (length >= STILL_M) {
        leg.u = dx / length;
        leg.v = dy / length;
        leg.length_m = length;
    }
    return leg;
}

/* Where the line of the leg is within reach of an edge: one span, for what is in reach is convex.
 * The edge's ends are p along and q across the line. */
static Span near_edge(double p0, double q0, double p1, double q1, double reach) {
    Span near = {INFINITY, -INFINITY};
    if (fabs(q0) <= reach) {
        double half = sqrt((reach - q0) * (reach + q0));
        near.from = p0 - half;
        near.to = p0 + half;
    }
    if (fabs(q1) <= reach) {
        double half = sqrt((reach - q1) * (reach + q1));
        near.from = least(near.from, p1 - half);
        near.to = greatest(near.to, p1 + half);
    }
    double dp = p1 - p0, dq = q1 - q0, length2 = dp * dp + dq * dq;
    if (dq == 0.0) return near; /* along the line, both discs reach it or none does */
    double wide = reach * sqrt(length2), mid = q0 * dp, turn = q0 * dq;
    double m = (-mid - wide) / dq, n = (-mid + wide) / dq;
    double from = least(m, n), to = greatest(m, n);
    if (dp != 0.0) {
        m = turn / dp, n = (turn + length2) / dp;
        from = greatest(from, least(m, n));
        to = least(to, greatest(m, n));
    } else if (turn > 0.0 || turn < -length2) {
        return near;
    }
    if (from <= to) {
        near.from = least(near.from, p0 + from);
        near.to = greatest(near.to, p0 + to);
    }
    return near;
}

static int add_span(List *spans, double from, double to) {
    Span *span = list_add(spans);
    if (!span) return 0;
    span->from = from;
    span->to = to;
    return 1;
}

/* Where the line of the leg is in or within reach of the volume's shape: unsorted spans, metres
 * along the line, which may overlap. */
static int spans_in_plane(const Leg *leg, const Volumes *v, Py_ssize_t n, double reach, Work *w) {
    w->crossings.count = w->spans.count = 0;
    for (Py_ssize_t r = v->offsets[n]; r < v->offsets[n + 1]; r++) {
        const double *x = v->x + v->rings[r], *y = v->y + v->rings[r];
        Py_ssize_t size = v->rings[r + 1] - v->rings[r];
        for (Py_ssize_t i = 0; i < size; i++)
            w->across[i] = leg->u * (y[i] - leg->a.y) - leg->v * (x[i] - leg->a.x);
        w->across[size] = w->across[0];
        for (Py_ssize_t i = 0; i < size; i++) {
            double q0 = w->across[i], q1 = w->across[i + 1];
            if ((q0 > reach && q1 > reach) || (q0 < -reach && q1 < -reach)) continue;
            Py_ssize_t j = i + 1 < size ? i + 1 : 0;
            double p0 = leg->u * (x[i] - leg->a.x) + leg->v * (y[i] - leg->a.y);
            double p1 = leg->u * (x[j] - leg->a.x) + leg->v * (y[j] - leg->a.y);
            if ((q0 >= 0.0) != (q1 >= 0.0)) {
                double *at = list_add(&w->crossings);
                if (!at) return 0;
                *at = p0 + (p1 - p0) * (q0 / (q0 - q1));
            }
            Span near = near_edge(p0, q0, p1, q1, reach);
            if (near.from <= near.to && !add_span(&w->spans, near.from, near.to)) return 0;
        }
    }
    double *at = (double *)w->crossings.data;
    if (w->crossings.count > 2) {
        qsort(at, w->crossings.count, sizeof *at, by_value);
    } else if (w->crossings.count == 2 && at[1] < at[0]) {
        double first = at[1];
        at[1] = at[0];
        at[0] = first;
    }
    for (size_t i = 0; i + 1 < w->crossings.count; i += 2)
        if (!add_span(&w->spans, at[i], at[i + 1])) return 0;
    return 1;
}

/* Which share of the leg height and time leave, both ends included. */
static Span share_of(const Leg *leg, const Place *low, const Place *high, double height,
                     double early) {
    Span none = {1.0, 0.0};
    double start = low->t - early, end = high->t + early;
    if (leg->b.t < start || leg->a.t > end) return none;
    Span share = {start > leg->a.t ? (start - leg->a.t) / leg->duration_s : 0.0,
                  end < leg->b.t ? (end - leg->a.t) / leg->duration_s : 1.0};
    double bottom = low->z - height, top = high->z + height;
    if (fabs(leg->dz_m) < STILL_M) return leg->a.z >= bottom && leg->a.z <= top ? share : none;
    double m = (bottom - leg->a.z) / leg->dz_m, n = (top - leg->a.z) / leg->dz_m;
    double from = least(m, n), to = greatest(m, n);
    if (from > share.from) share.from = from;
    if (to < share.to) share.to = to;
    return share;
}

static int add_passage(List *found, const Leg *leg, Passage passage, Span share, double start,
                       double end) {
    Passage *row = list_add(found);
    if (!row) return 0;
    double first = greatest(leg->a.t, start), last = least(leg->b.t, end);
    passage.t_in = leg->a.t + share.from * leg->duration_s;
    passage.t_out = leg->a.t + share.to * leg->duration_s;
    if (share.from <= (first - leg->a.t) / leg->duration_s) passage.t_in = first;
    if (share.to >= (last - leg->a.t) / leg->duration_s) passage.t_out = last;
    passage.t_in = least(greatest(passage.t_in, first), last);
    passage.t_out = least(greatest(passage.t_out, first), last);
    *row = passage;
    return 1;
}

static int pass(const Leg *leg, const Volumes *v, Passage passage, double reach, double height,
                double early, Work *w, List *found) {
    const Place *low = v->low + passage.volume, *high = v->high + passage.volume;
    if (greatest(leg->a.x, leg->b.x) + reach < low->x) return 1;
    if (least(leg->a.x, leg->b.x) - reach > high->x) return 1;
    if (greatest(leg->a.y, leg->b.y) + reach < low->y) return 1;
    if (least(leg->a.y, leg->b.y) - reach > high->y) return 1;
    Span share = share_of(leg, low, high, height, early);
    if (!(share.from <= share.to)) return 1;
    if (!spans_in_plane(leg, v, passage.volume, v->radius[passage.volume] + reach, w)) return 0;
    Span *spans = (Span *)w->spans.data;
    size_t count = 0;
    for (size_t i = 0; i < w->spans.count; i++) { /* clipped, empty ones dropped */
        double from = spans[i].from, to = spans[i].to;
        if (leg->length_m > 0.0) {
            from /= leg->length_m;
            to /= leg->length_m;
        } else if (from <= 0.0 && to >= 0.0) {
            from = -INFINITY;
            to = INFINITY;
        } else {
            continue;
        }
        if (from < share.from) from = share.from;
        if (to > share.to) to = share.to;
        if (from <= to) {
            spans[count].from = from;
            spans[count++].to = to;
        }
    }
    if (count > 1) qsort(spans, count, sizeof *spans, by_from);
    double start = low->t - early, end = high->t + early;
    for (size_t i = 0; i < count;) {
        Span whole = spans[i];
        for (i++; i < count && spans[i].from <= whole.to; i++)
            whole.to = greatest(whole.to, spans[i].to);
        if (!add_passage(found, leg, passage, whole, start, end)) return 0;
    }
    return 1;
}

/* ---- many legs against many volumes -------------------------------------------------------- */

typedef struct {
    const Place *vertices;
    const Py_ssize_t *offsets;
    const double *reach, *height, *early; /* by flight */
} Flights;

static int pass_all(const Flights *f, Py_ssize_t flight, Py_ssize_t vertex, const Volumes *v,
                    const Cells *c, Work *w, List *found) {
    Leg leg;
    double reach = f->reach[flight], height = f->height[flight], early = f->early[flight];
    const Place *a = f->vertices + vertex, *b = a + 1;
    double x0 = least(a->x, b->x) - reach - SLACK_M, x1 = greatest(a->x, b->x) + reach + SLACK_M;
    double y0 = least(a->y, b->y) - reach - SLACK_M, y1 = greatest(a->y, b->y) + reach + SLACK_M;
    double z0 = least(a->z, b->z) - height - SLACK_M, z1 = greatest(a->z, b->z) + height + SLACK_M;
    Passage passage = {(int32_t)flight, (int32_t)(vertex - f->offsets[flight]), 0, 0, 0.0, 0.0};
    CellRange r = range_of(c, x0, y0, x1, y1);
    int known = 0; /* whether the leg has been worked out */
    for (Py_ssize_t j = r.y0; j <= r.y1; j++)
        for (Py_ssize_t i = r.x0; i <= r.x1; i++) {
            Py_ssize_t k = j * c->nx + i, end = c->begins[k + 1];
            for (Py_ssize_t m = c->begins[k]; m < end; m++) {
                Py_ssize_t at = m - c->begins[k];
                if (at % BLOCK == 0 && c->latest[c->blocks[k] + at / BLOCK] + early < a->t) {
                    m += BLOCK - 1;
                    continue;
                }
                Py_ssize_t n = c->members[m];
                const Place *low = v->low + n, *high = v->high + n;
                if (low->t - early > b->t) break;
                if (high->t + early < a->t || low->z > z1 || high->z < z0) continue;
                if (low->x > x1 || high->x < x0 || low->y > y1 || high->y < y0) continue;
                /* A pair that shares several cells is looked at in the last of its first ones. */
                CellRange own = volume_range(c, v, n);
                if (i != (own.x0 > r.x0 ? own.x0 : r.x0)) continue;
                if (j != (own.y0 > r.y0 ? own.y0 : r.y0)) continue;
                if (!known) leg = leg_of(a, b);
                known = 1;
                passage.volume = (int32_t)n;
                if (!pass(&leg, v, passage, reach, height, early, w, found)) return 0;
            }
        }
    return 1;
}

static int passages(const Flights *f, Py_ssize_t first, Py_ssize_t last, const Volumes *v,
                    List *found) {
    Cells cells = {0};
    Work work = {{NULL, 0, 0, sizeof(double)}, {NULL, 0, 0, sizeof(Span)}, NULL};
    Py_ssize_t largest = 0;
    for (Py_ssize_t r = 0; r < v->offsets[v->count]; r++)
        if (v->rings[r + 1] - v->rings[r] > largest) largest = v->rings[r + 1] - v->rings[r];
    work.across = malloc(((size_t)largest + 1) * sizeof *work.across);
    int done = work.across && cells_of(&cells, v);
    for (Py_ssize_t n = first; done && n < last; n++)
        for (Py_ssize_t k = f->offsets[n]; done && k + 1 < f->offsets[n + 1]; k++)
            done = pass_all(f, n, k, v, &cells, &work, found);
    cells_free(&cells);
    free(work.across);
    free(work.crossings.data);
    free(work.spans.data);
    return done;
}

static PyObject *bytes_of(List *list, int done) {
    PyObject *bytes = done ? PyBytes_FromStringAndSize(
                                 list->data, (Py_ssize_t)(list->count * list->size))
                           : PyErr_NoMemory();
    free(list->data);
    return bytes;
}

static void release(Py_buffer *views, int count) {
    for (int i = 0; i < count; i++) PyBuffer_Release(views + i);
}

PyObject *lowalt_volumes_passages(PyObject *self, PyObject *args) {
    Py_ssize_t first, last;
    Py_buffer b[13];
    (void)self;
    if (!PyArg_ParseTuple(args, "nny*y*y*y*y*y*y*y*y*y*y*y*y*", &first, &last, b, b + 1, b + 2,
                          b + 3, b + 4, b + 5, b + 6, b + 7, b + 8, b + 9, b + 10, b + 11, b + 12))
        return NULL;
    Flights flights = {b[0].buf, b[1].buf, b[2].buf, b[3].buf, b[4].buf};
    Volumes volumes = {b[5].buf,  b[6].buf,  b[7].buf,  b[8].buf,
                       b[9].buf,  b[10].buf, b[11].buf, b[12].buf,
                       b[9].len / (Py_ssize_t)sizeof(Py_ssize_t) - 1};
    List found = {NULL, 0, 0, sizeof(Passage)};
    int done;
    Py_BEGIN_ALLOW_THREADS
    done = passages(&flights, first, last, &volumes, &found);
    Py_END_ALLOW_THREADS
    release(b, 13);
    return bytes_of(&found, done);
}

/* ---- boxes that overlap, swept in order of time -------------------------------------------- */

typedef struct {
    int32_t one, other;
} Pair;

/* A box within a cell. */
typedef struct {
    int32_t number, is_other; /* of the volumes, or of the others */
    double end, x0, x1, y0, y1, z0, z1;
} Entry;

/* Enter a box into a cell, after pairing it with those of the other kind that are still there. */
static int enter(Entry *entries, int32_t *count, const Entry *new, double start, Py_ssize_t i,
                 Py_ssize_t j, const Cells *c, const Py_ssize_t *intent, int among,
                 List *found) {
    int32_t kept = 0;
    for (int32_t k = 0; k < *count; k++) {
        const Entry *e = entries + k;
        if (e->end < start) continue;
        if (kept != k) entries[kept] = *e;
        e = entries + kept++;
        /* One branch for all, seldom taken: six of them could not be foreseen. */
        if (!((e->x0 <= new->x1) & (e->x1 >= new->x0) & (e->y0 <= new->y1) & (e->y1 >= new->y0) &
              (e->z0 <= new->z1) & (e->z1 >= new->z0) & (among | (e->is_other != new->is_other))))
            continue;
        if (among && intent[e->number] == intent[new->number]) continue;
        /* A pair that shares several cells is found in the last of its first ones. */
        if (i != cell_at(greatest(e->x0, new->x0) - c->x, c->per_m, c->nx)) continue;
        if (j != cell_at(greatest(e->y0, new->y0) - c->y, c->per_m, c->ny)) continue;
        Pair *pair = list_add(found);
        if (!pair) return 0;
        int first = among ? e->number < new->number : !e->is_other;
        pair->one = first ? e->number : new->number;
        pair->other = first ? new->number : e->number;
    }
    entries[kept] = *new;
    *count = kept + 1;
    return 1;
}

static int sweep_boxes(const Volumes *v, const Py_ssize_t *intent, Py_ssize_t own, size_t most,
                       List *found) {
    Cells cells = {0};
    if (!v->count) return 1;
    int among = own == v->count;
    size_t entries = lay_out(&cells, v, 1.0, 2), n_cells = (size_t)(cells.nx * cells.ny);
    Entry *entry = malloc(entries * sizeof *entry);
    int32_t *count = calloc(n_cells, sizeof *count);
    cells.begins = calloc(n_cells + 1, sizeof *cells.begins);
    int done = entry && count && cells.begins;
    for (Py_ssize_t n = 0; done && n < v->count; n++) {
        CellRange r = volume_range(&cells, v, n);
        for (Py_ssize_t j = r.y0; j <= r.y1; j++)
            for (Py_ssize_t i = r.x0; i <= r.x1; i++) cells.begins[j * cells.nx + i + 1]++;
    }
    for (size_t k = 0; done && k < n_cells; k++) cells.begins[k + 1] += cells.begins[k];
    for (Py_ssize_t m = 0; done && m < v->count && found->count <= most; m++) {
        Py_ssize_t n = v->by_start[m];
        const Place *low = v->low + n, *high = v->high + n;
        Entry new = {(int32_t)(n < own ? n : n - own), n >= own, high->t, low->x, high->x,
                     low->y, high->y, low->z, high->z};
        CellRange r = volume_range(&cells, v, n);
        for (Py_ssize_t j = r.y0; done && j <= r.y1; j++)
            for (Py_ssize_t i = r.x0; done && i <= r.x1; i++) {
                Py_ssize_t k = j * cells.nx + i;
                done = enter(entry + cells.begins[k], count + k, &new, low->t, i, j, &cells, intent,
                             among, found);
            }
    }
    free(entry);
    free(count);
    cells_free(&cells);
    return done;
}

/* volume_overlapping(low, high, by_start, intent, own, most): pairs of boxes of different intents
 * that overlap or touch; None where there are more than most. The first own boxes are put against those after them, or all
 * against one another where all are own. */
PyObject *lowalt_volumes_overlapping(PyObject *self, PyObject *args) {
    Py_buffer b[4];
    Py_ssize_t own, most;
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*nn", b, b + 1, b + 2, b + 3, &own, &most)) return NULL;
    Volumes volumes = {.low = b[0].buf, .high = b[1].buf, .by_start = b[2].buf,
                       .count = b[2].len / (Py_ssize_t)sizeof(Py_ssize_t)};
    List found = {NULL, 0, 0, sizeof(Pair)};
    int done;
    Py_BEGIN_ALLOW_THREADS
    done = sweep_boxes(&volumes, b[3].buf, own, (size_t)most, &found);
    Py_END_ALLOW_THREADS
    release(b, 4);
    if (done && found.count > (size_t)most) {
        free(found.data);
        Py_RETURN_NONE;
    }
    return bytes_of(&found, done);
}

/* ---- whether two polygons overlap ---------------------------------------------------------- */

enum { APART = 0, OVERLAP = 1, UNDECIDED = 2 };

/* The side of a point from a line, 0 where rounding leaves it open. */
static inline int side_of(double ax, double ay, double bx, double by, double px, double py) {
    double one = (bx - ax) * (py - ay), other = (by - ay) * (px - ax), turn = one - other;
    double error = 0x1p-51 * (fabs(one) + fabs(other));
    return turn > error ? 1 : turn < -error ? -1 : 0;
}

/* Whether an edge of the first convex polygon has the second on its outer side. */
static int is_parted(const double *x, const double *y, Py_ssize_t size, const double *px,
                     const double *py, Py_ssize_t points) {
    int parted = OVERLAP; /* as far as these edges go */
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_ssize_t j = i + 1 < size ? i + 1 : 0;
        int greatest_side = -1;
        for (Py_ssize_t k = 0; k < points && greatest_side < 1; k++) {
            int side = side_of(x[i], y[i], x[j], y[j], px[k], py[k]);
            if (side > greatest_side) greatest_side = side;
        }
        if (greatest_side < 0) return APART;
        if (greatest_side == 0) parted = UNDECIDED;
    }
    return parted;
}

static int decide_convex(const Volumes *v, Py_ssize_t a, Py_ssize_t b) {
    Py_ssize_t i = v->rings[v->offsets[a]], j = v->rings[v->offsets[b]];
    Py_ssize_t m = v->rings[v->offsets[a] + 1] - i, n = v->rings[v->offsets[b] + 1] - j;
    int one = is_parted(v->x + i, v->y + i, m, v->x + j, v->y + j, n);
    if (one == APART) return APART;
    int other = is_parted(v->x + j, v->y + j, n, v->x + i, v->y + i, m);
    return other == APART ? APART : one == UNDECIDED ? UNDECIDED : other;
}

static int cross(const double *ax, const double *ay, const double *bx, const double *by) {
    int a0 = side_of(bx[0], by[0], bx[1], by[1], ax[0], ay[0]);
    int a1 = side_of(bx[0], by[0], bx[1], by[1], ax[1], ay[1]);
    if (a0 * a1 > 0) return APART;
    int b0 = side_of(ax[0], ay[0], ax[1], ay[1], bx[0], by[0]);
    int b1 = side_of(ax[0], ay[0], ax[1], ay[1], bx[1], by[1]);
    if (b0 * b1 > 0) return APART;
    return a0 && a1 && b0 && b1 ? OVERLAP : UNDECIDED;
}

static int edges_cross(const Volumes *v, const double *ax, const double *ay, Py_ssize_t b) {
    double x0 = least(ax[0], ax[1]), x1 = greatest(ax[0], ax[1]);
    double y0 = least(ay[0], ay[1]), y1 = greatest(ay[0], ay[1]);
    int answer = APART;
    for (Py_ssize_t r = v->offsets[b]; r < v->offsets[b + 1]; r++) {
        Py_ssize_t first = v->rings[r], last = v->rings[r + 1] - 1;
        for (Py_ssize_t i = first; i <= last; i++) {
            Py_ssize_t j = i < last ? i + 1 : first;
            double bx[2] = {v->x[i], v->x[j]}, by[2] = {v->y[i], v->y[j]};
            if (greatest(bx[0], bx[1]) < x0 || least(bx[0], bx[1]) > x1) continue;
            if (greatest(by[0], by[1]) < y0 || least(by[0], by[1]) > y1) continue;
            int crossing = cross(ax, ay, bx, by);
            if (crossing == OVERLAP) return OVERLAP;
            if (crossing == UNDECIDED) answer = UNDECIDED;
        }
    }
    return answer;
}

/* Whether a place lies in a volume's shape, told by the edges that a ray to the east crosses. */
static int holds(const Volumes *v, Py_ssize_t n, double px, double py) {
    int inside = 0;
    for (Py_ssize_t r = v->offsets[n]; r < v->offsets[n + 1]; r++) {
        Py_ssize_t first = v->rings[r], last = v->rings[r + 1] - 1;
        for (Py_ssize_t i = first; i <= last; i++) {
            Py_ssize_t j = i < last ? i + 1 : first;
            if ((v->y[i] > py) == (v->y[j] > py)) continue;
            int side = side_of(v->x[i], v->y[i], v->x[j], v->y[j], px, py);
            if (!side) return UNDECIDED;
            inside ^= (side > 0) == (v->y[j] > v->y[i]);
        }
    }
    return inside ? OVERLAP : APART;
}

static int any_ring_in(const Volumes *v, Py_ssize_t a, Py_ssize_t b) {
    int answer = APART;
    for (Py_ssize_t r = v->offsets[a]; r < v->offsets[a + 1]; r++) {
        int held = holds(v, b, v->x[v->rings[r]], v->y[v->rings[r]]);
        if (held == OVERLAP) return OVERLAP;
        if (held == UNDECIDED) answer = UNDECIDED;
    }
    return answer;
}

static int decide_dented(const Volumes *v, Py_ssize_t a, Py_ssize_t b) {
    int answer = APART;
    for (Py_ssize_t r = v->offsets[a]; r < v->offsets[a + 1]; r++) {
        Py_ssize_t first = v->rings[r], last = v->rings[r + 1] - 1;
        for (Py_ssize_t i = first; i <= last; i++) {
            Py_ssize_t j = i < last ? i + 1 : first;
            double ax[2] = {v->x[i], v->x[j]}, ay[2] = {v->y[i], v->y[j]};
            if (greatest(ax[0], ax[1]) < v->low[b].x || least(ax[0], ax[1]) > v->high[b].x ||
                greatest(ay[0], ay[1]) < v->low[b].y || least(ay[0], ay[1]) > v->high[b].y)
                continue;
            int crossing = edges_cross(v, ax, ay, b);
            if (crossing == OVERLAP) return OVERLAP;
            if (crossing == UNDECIDED) answer = UNDECIDED;
        }
    }
    if (answer == UNDECIDED) return UNDECIDED;
    int one = any_ring_in(v, a, b);
    if (one == OVERLAP) return OVERLAP;
    int other = any_ring_in(v, b, a);
    return other == OVERLAP ? OVERLAP : one == UNDECIDED ? UNDECIDED : other;
}

/* volume_decide(one, other, x, y, rings, offsets, low, high, is_convex, answers): for each pair
 * whether the insides of two polygons overlap, into answers. */
PyObject *lowalt_volumes_decide(PyObject *self, PyObject *args) {
    Py_buffer b[10];
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*y*y*y*w*", b, b + 1, b + 2, b + 3, b + 4, b + 5, b + 6,
                          b + 7, b + 8, b + 9))
        return NULL;
    const Py_ssize_t *one = b[0].buf, *other = b[1].buf;
    Volumes v = {.x = b[2].buf, .y = b[3].buf, .rings = b[4].buf, .offsets = b[5].buf,
                 .low = b[6].buf, .high = b[7].buf};
    const char *is_convex = b[8].buf;
    uint8_t *answers = b[9].buf;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t k = 0; k < b[9].len; k++)
        answers[k] = (uint8_t)(is_convex[one[k]] && is_convex[other[k]]
                                   ? decide_convex(&v, one[k], other[k])
                                   : decide_dented(&v, one[k], other[k]));
    Py_END_ALLOW_THREADS
    release(b, 10);
    Py_RETURN_NONE;
}
