/* Asking an index of accepted flights which of them a new one meets.
 *
 * The flights accepted so far are in levels. A level with cells finds flights by them; one without,
 * that of the latest flights, is looked through, a box of space and time for each flight. Levels
 * never change, save that flights leave: each says at which version it did, and a question is put
 * to one version. */
#include "index.h"
#include "index_join.h"
#include "rows.h"

#include <stdlib.h>

#define BUFFERS 11
#define MOST_LEVELS 64

/* Sides of the boxes of a level without cells, one after another. */
enum { EARLY, LATE, WEST, EAST, SOUTH, NORTH, BOTTOM, TOP, SIDES };

typedef struct {
    Py_buffer held[BUFFERS];
    int held_count;
    Flights flights;
    const int64_t *gone;
    int has_cells;
    Layout layout;
    const uint32_t *starts, *entries;
    const Box *boxes;
    const Link *links;
    Py_ssize_t passage_count;
    const double *sides;
} Level;

/* What a row of the answer is that is no meeting of two legs. */
enum { LEGS_UNDECIDED = -1, FLIGHTS_UNCERTAIN = -2 };

typedef struct {
    Flights flights; /* asked about */
    double tolerance;
    int64_t version;
    int accepted_exact, exact; /* radii of the accepted flights, and of the pair, carry no rounding */
    Rows rows;
    int failed;  /* no memory left */
    int damaged; /* the arrays of a level, which come from a file, cannot be right */
} Question;

static const char LEVEL[] = "lowalt.conflicts.index.Level";

static void level_free(PyObject *capsule) {
    Level *level = PyCapsule_GetPointer(capsule, LEVEL);
    if (!level) return;
    for (int i = 0; i < level->held_count; i++) PyBuffer_Release(&level->held[i]);
    PyMem_Free(level);
}

static Py_ssize_t length(const Py_buffer *b, size_t size) { return b->len / (Py_ssize_t)size; }

/* index_level(arrays): hold the arrays of a level. Vertices, offsets, radius, height, uncertainty
 * and gone of its flights are followed by layout, starts, entries, boxes and links, or by sides. */
PyObject *lowalt_index_level(PyObject *self, PyObject *arrays) {
    (void)self;
    Py_ssize_t count = PyTuple_Size(arrays);
    if (count < 0) return NULL;
    if (count != 7 && count != 11) {
        PyErr_SetString(PyExc_ValueError, "a level has 7 or 11 arrays");
        return NULL;
    }
    Level *level = PyMem_Calloc(1, sizeof *level);
    if (!level) return PyErr_NoMemory();
    PyObject *capsule = PyCapsule_New(level, LEVEL, level_free);
    if (!capsule) {
        PyMem_Free(level);
        return NULL;
    }
    Py_buffer *b = level->held;
    for (Py_ssize_t i = 0; i < count; i++, level->held_count++)
        if (PyObject_GetBuffer(PyTuple_GetItem(arrays, i), &b[i], PyBUF_SIMPLE) < 0) {
            Py_DECREF(capsule);
            return NULL;
        }
    Flights f = {b[0].buf, b[1].buf, b[2].buf, b[3].buf, b[4].buf, length(&b[2], sizeof(double)),
                 length(&b[0], sizeof(Vertex))};
    level->flights = f;
    level->gone = b[5].buf;
    level->has_cells = count == 11;
    if (level->has_cells) {
        level->layout = layout_from(b[6].buf);
        level->starts = b[7].buf, level->entries = b[8].buf;
        level->boxes = b[9].buf, level->passage_count = length(&b[9], sizeof(Box));
        level->links = b[10].buf;
    } else {
        level->sides = b[6].buf;
    }
    return capsule;
}

static void append(Question *q, const Encounter *row) {
    Encounter *room = lowalt_rows_next(&q->rows);
    if (room)
        *room = *row;
    else
        q->failed = 1;
}

/* Two flights and the legs of each, by their vertices, that may meet. */
typedef struct {
    const Vertex *a, *b;           /* all vertices of the two flights */
    Py_ssize_t a_legs, b_legs;     /* how many legs each has */
    Py_ssize_t a_at, a_last, b_at, b_last;
    double radius, height;
    int32_t first, second;
    const Layout *layout; /* take only meetings that begin in this slab; none: take all */
    int64_t slab;
} Couple;

static void meet_legs(Question *q, const Couple *c, Py_ssize_t i, Py_ssize_t j) {
    Encounter found = {0};
    int met = lowalt_meet(c->a + i, c->b + j, c->radius, c->height, q->exact, &found);
    if (met == MEET_NONE) return;
    if (c->layout && slab_of(c->layout, found.t_in) != c->slab) return;
    if (met == MEET_UNDECIDED) found.inside = LEGS_UNDECIDED;
    found.first = c->first, found.second = c->second;
    found.first_leg = (int32_t)i, found.second_leg = (int32_t)j;
    append(q, &found);
}

/* Go through the legs of two flights in the order of time. */
static void meet_flights(Question *q, const Couple *c) {
    Py_ssize_t i = c->a_at, j = c->b_at;
    while (i <= c->a_last && j <= c->b_last) {
        double a_end = c->a[i + 1].t, b_end = c->b[j + 1].t;
        double since = greatest(c->a[i].t, c->b[j].t), until = least(a_end, b_end);
        int relieves = (i == c->a_legs - 1 && j == 0 && until == a_end) ||
                       (j == c->b_legs - 1 && i == 0 && until == b_end);
        if (since < until || (since == until && relieves)) meet_legs(q, c, i, j);
        if (a_end <= b_end) i++;
        if (b_end <= a_end) j++;
    }
}

/* The first leg from one on that has not ended by some time; the last where all have. */
static Py_ssize_t leg_at(const Vertex *v, Py_ssize_t from, Py_ssize_t last, double t) {
    while (from < last) {
        Py_ssize_t half = from + (last - from) / 2;
        if (v[half + 1].t < t)
            from = half + 1;
        else
            last = half;
    }
    return from;
}

static void look_at(Question *q, const Level *level, int32_t base, Py_ssize_t flight,
                    Py_ssize_t asked, Couple c) {
    const Flights *f = &level->flights, *g = &q->flights;
    int64_t gone = level->gone[flight];
    if (gone && gone <= q->version) return;
    c.first = base + (int32_t)flight, c.second = (int32_t)asked;
    if (f->uncertainty[flight] + g->uncertainty[asked] > 0.0) {
        Encounter pair = {.first = c.first, .second = c.second, .inside = FLIGHTS_UNCERTAIN};
        append(q, &pair);
        return;
    }
    Py_ssize_t begin = f->offsets[flight], asked_begin = g->offsets[asked];
    c.a = f->vertices + begin, c.a_legs = f->offsets[flight + 1] - begin - 1;
    c.b = g->vertices + asked_begin, c.b_legs = g->offsets[asked + 1] - asked_begin - 1;
    c.radius = (f->radius[flight] + g->radius[asked]) + q->tolerance;
    c.height = (f->height[flight] + g->height[asked]) + q->tolerance;
    if (!c.layout) {
        c.a_last = c.a_legs - 1, c.b_last = c.b_legs - 1;
        c.a_at = leg_at(c.a, 0, c.a_last, c.b[0].t);
        c.b_at = leg_at(c.b, 0, c.b_last, c.a[0].t);
    }
    meet_flights(q, &c);
}

static int touch(const Box *a, const Box *b) {
    return (a->low[0] <= b->high[0]) & (b->low[0] <= a->high[0]) & (a->low[1] <= b->high[1]) &
           (b->low[1] <= a->high[1]) & (a->low[2] <= b->high[2]) & (b->low[2] <= a->high[2]);
}

static int32_t further(int32_t a, int32_t b) { return a > b ? a : b; }

/* Whether legs are those of their flight: nothing beyond the arrays is read whatever a file says.
 * Offsets, and where entries begin, have been looked at when it was opened. */
static int is_right(const Flights *f, const Link *link) {
    return (Py_ssize_t)link->flight < f->count &&
           (Py_ssize_t)link->first >= f->offsets[link->flight] && link->first <= link->last &&
           (Py_ssize_t)link->last + 1 < f->offsets[link->flight + 1];
}

/* What is read next of many flights is asked of memory for all of them before any is read: in a
 * large index nearly every read is of a place of its own. */
#if defined(__GNUC__)
#define AHEAD(place) __builtin_prefetch(place)
#else
#define AHEAD(place) ((void)(place))
#endif

#define SLABS_AT_ONCE 16
#define HITS_AT_ONCE 64
#define FEW_CELLS 16

/* Passages whose boxes touch, an accepted one and one that is asked about. */
typedef struct {
    uint32_t number;
    const Passage *asked;
} Hit;

/* One level that a flight is looked for in: its passages of some slabs, and what they touch. */
typedef struct {
    const Level *level;
    int32_t base;
    Py_ssize_t asked;
    Passage passages[SLABS_AT_ONCE];
    Cells cells[SLABS_AT_ONCE];
    Hit hits[HITS_AT_ONCE];
    int hit_count;
} Look;

static void look_at_hits(Question *q, Look *look) {
    const Level *level = look->level;
    const Flights *f = &level->flights;
    for (int i = 0; i < look->hit_count; i++) {
        const Link *link = &level->links[look->hits[i].number];
        if ((Py_ssize_t)link->flight >= f->count || (Py_ssize_t)link->first >= f->vertex_count) {
            q->damaged = 1;
            return;
        }
        AHEAD(&f->offsets[link->flight]), AHEAD(&level->gone[link->flight]);
        AHEAD(&f->radius[link->flight]), AHEAD(&f->height[link->flight]);
        AHEAD(&f->uncertainty[link->flight]);
        AHEAD(&f->vertices[link->first]), AHEAD(&f->vertices[link->first] + 2);
    }
    for (int i = 0; i < look->hit_count; i++) {
        const Passage *p = look->hits[i].asked;
        Link link = level->links[look->hits[i].number];
        if (!is_right(f, &link)) {
            q->damaged = 1;
            return;
        }
        Py_ssize_t begin = f->offsets[link.flight];
        Couple couple = {0};
        couple.a_at = link.first - begin, couple.a_last = link.last - begin;
        couple.b_at = p->first, couple.b_last = p->last;
        couple.layout = &level->layout, couple.slab = p->slab;
        look_at(q, level, look->base, link.flight, look->asked, couple);
    }
    look->hit_count = 0;
}

/* Look at the entries of one cell; a passage that shares several cells is taken in the first. Where
 * places are hashed some may be of another slab: what they find again counts once when joined. */
static void ask_cell(Question *q, Look *look, int of, int32_t column, int32_t row) {
    const Level *level = look->level;
    const Layout *l = &level->layout;
    const Passage *p = &look->passages[of];
    const Cells *c = &look->cells[of];
    uint64_t place = place_of(l, p->slab, row) + (uint64_t)column;
    for (uint32_t e = level->starts[place]; e < level->starts[place + 1]; e++) {
        uint32_t n = level->entries[e];
        if (n >= level->passage_count) {
            q->damaged = 1;
            return;
        }
        const Box *box = &level->boxes[n];
        if (!touch(box, &p->box)) continue;
        if (further(cell_of(l, box->low[0], l->columns), c->west) != column) continue;
        if (further(cell_of(l, box->low[1], l->rows), c->south) != row) continue;
        AHEAD(&level->links[n]);
        if (look->hit_count == HITS_AT_ONCE) look_at_hits(q, look);
        Hit hit = {n, p};
        look->hits[look->hit_count++] = hit;
    }
}

/* Ask memory for the entries of some passages' cells, and for the boxes that these name. */
static void fetch_ahead(const Look *look, int count) {
    const Level *level = look->level;
    for (int step = 0; step < 3; step++)
        for (int i = 0; i < count; i++) {
            const Cells *c = &look->cells[i];
            if ((c->north - c->south + 1) * (c->east - c->west + 1) > FEW_CELLS) continue;
            for (int32_t row = c->south; row <= c->north; row++) {
                uint64_t place = place_of(&level->layout, look->passages[i].slab, row);
                const uint32_t *west = &level->starts[place + (uint64_t)c->west];
                if (step == 0) {
                    AHEAD(west);
                    continue;
                }
                uint32_t end = level->starts[place + (uint64_t)c->east + 1];
                if (step == 1) {
                    AHEAD(&level->entries[*west]);
                    continue;
                }
                for (uint32_t e = *west; e < end; e++)
                    if (level->entries[e] < level->passage_count)
                        AHEAD(&level->boxes[level->entries[e]]);
            }
        }
}

static void ask_cells(Question *q, const Level *level, int32_t base, Py_ssize_t asked) {
    const Layout *l = &level->layout;
    Walk w = walk_along(l, &q->flights, asked, q->tolerance);
    int64_t slab = first_slab(l, &w), last = w.last_slab;
    if (slab < 0) slab = 0;
    if (last >= l->slabs) last = l->slabs - 1;
    Look look;
    look.level = level, look.base = base, look.asked = asked, look.hit_count = 0;
    while (slab <= last) {
        int count = 0;
        for (; slab <= last && count < SLABS_AT_ONCE; slab++, count++) {
            look.passages[count] = passage_in(l, &w, slab);
            look.cells[count] = cells_of(l, &look.passages[count].box);
        }
        fetch_ahead(&look, count);
        for (int i = 0; i < count; i++) {
            const Cells *c = &look.cells[i];
            for (int32_t row = c->south; row <= c->north; row++)
                for (int32_t column = c->west; column <= c->east; column++)
                    ask_cell(q, &look, i, column, row);
        }
        look_at_hits(q, &look);
    }
}

/* Sides of one flight's box, its radius, height and uncertainty included. */
static void sides_of(const Flights *f, Py_ssize_t flight, double margin, double *side) {
    const Vertex *v = f->vertices + f->offsets[flight], *end = f->vertices + f->offsets[flight + 1];
    double low[3] = {v->x, v->y, v->z}, high[3] = {v->x, v->y, v->z};
    side[EARLY] = v->t - f->uncertainty[flight] - SLACK_S;
    side[LATE] = end[-1].t + f->uncertainty[flight] + SLACK_S;
    for (; v < end; v++) include(low, high, *v);
    double across = f->radius[flight] + margin, above = f->height[flight] + margin;
    side[WEST] = low[0] - across, side[EAST] = high[0] + across;
    side[SOUTH] = low[1] - across, side[NORTH] = high[1] + across;
    side[BOTTOM] = low[2] - above, side[TOP] = high[2] + above;
}

#define MARGIN_M 0.05

/* Look through the flights of a level without cells. */
static void ask_each(Question *q, const Level *level, int32_t base, Py_ssize_t asked,
                     Py_ssize_t count) {
    double own[SIDES];
    const double *sides = level->sides;
    Py_ssize_t room = level->held[6].len / (Py_ssize_t)(SIDES * sizeof(double));
    sides_of(&q->flights, asked, q->tolerance + MARGIN_M, own);
    for (Py_ssize_t n = 0; n < count; n++) {
        int apart = 0;
        for (int s = 0; s < SIDES; s += 2)
            apart |= (sides[s * room + n] > own[s + 1]) | (sides[(s + 1) * room + n] < own[s]);
        if (apart) continue;
        Couple all_legs = {0};
        look_at(q, level, base, n, asked, all_legs);
    }
}

static int is_whole(double size) { return floor(size * 0x1p20) == size * 0x1p20; }

static void ask(Question *q, const Level *const *levels, Py_ssize_t level_count,
                Py_ssize_t count) {
    for (Py_ssize_t asked = 0; asked < q->flights.count; asked++) {
        q->exact = q->accepted_exact && is_whole(q->flights.radius[asked]) &&
                   is_whole(q->flights.height[asked]);
        int64_t base = 0;
        for (Py_ssize_t i = 0; i < level_count; i++) {
            if (levels[i]->has_cells)
                ask_cells(q, levels[i], (int32_t)base, asked);
            else
                ask_each(q, levels[i], (int32_t)base, asked, count);
            base += levels[i]->flights.count;
        }
    }
}

/* Whether any row is no meeting, or whether its flags are in doubt. */
static int in_doubt(const Rows *rows) {
    int flags = 0;
    for (int64_t i = 0; i < rows->count; i++) flags |= rows->row[i].inside;
    return (flags & ~(STARTS_INSIDE | ENDS_INSIDE)) != 0;
}

static PyObject *rows_as_bytes(const Rows *rows) {
    return PyBytes_FromStringAndSize((const char *)rows->row,
                                     (Py_ssize_t)sizeof(Encounter) * rows->count);
}

static PyObject *conflicts_as_bytes(Rows *rows) {
    Conflict *joined = malloc((size_t)rows->count * sizeof *joined);
    if (!joined) return PyErr_NoMemory();
    int64_t count = lowalt_join(rows->row, rows->count, joined);
    PyObject *bytes = PyBytes_FromStringAndSize((const char *)joined,
                                                (Py_ssize_t)sizeof *joined * count);
    free(joined);
    return bytes;
}

/* index_query(levels, count, version, exact, tolerance, vertices, offsets, radius, height,
 * uncertainty): None, or conflicts as bytes; or a tuple of bytes with the meetings of legs, where
 * some are in doubt or are pairs that are not decided here. Accepted flights are numbered through
 * all levels. count is how many flights of a level without cells, the last one, there are; exact
 * whether radii of accepted flights carry no rounding. */
PyObject *lowalt_index_query(PyObject *self, PyObject *args) {
    (void)self;
    PyObject *capsules, *answer = NULL;
    Py_ssize_t count;
    long long version;
    Py_buffer in[5];
    Question q = {0};
    if (!PyArg_ParseTuple(args, "O!nLpdy*y*y*y*y*", &PyTuple_Type, &capsules, &count, &version,
                          &q.accepted_exact, &q.tolerance, &in[0], &in[1], &in[2], &in[3], &in[4]))
        return NULL;
    Flights f = {in[0].buf, in[1].buf, in[2].buf, in[3].buf, in[4].buf,
                 length(&in[2], sizeof(double)), length(&in[0], sizeof(Vertex))};
    q.flights = f;
    q.version = version;
    const Level *levels[MOST_LEVELS];
    Py_ssize_t level_count = PyTuple_Size(capsules);
    if (level_count > MOST_LEVELS) {
        PyErr_SetString(PyExc_ValueError, "too many levels");
        goto done;
    }
    for (Py_ssize_t i = 0; i < level_count; i++) {
        levels[i] = PyCapsule_GetPointer(PyTuple_GetItem(capsules, i), LEVEL);
        if (!levels[i]) goto done;
    }
    Py_BEGIN_ALLOW_THREADS
    ask(&q, levels, level_count, count);
    Py_END_ALLOW_THREADS
    if (q.failed)
        PyErr_NoMemory();
    else if (q.damaged)
        PyErr_SetString(PyExc_IndexError, "entries or legs that there are not");
    else if (!q.rows.count)
        answer = Py_NewRef(Py_None);
    else if (in_doubt(&q.rows))
        answer = Py_BuildValue("(N)", rows_as_bytes(&q.rows));
    else
        answer = conflicts_as_bytes(&q.rows);
done:
    free(q.rows.row);
    for (int i = 0; i < 5; i++) PyBuffer_Release(&in[i]);
    return answer;
}
