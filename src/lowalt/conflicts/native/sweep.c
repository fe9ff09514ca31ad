/* The sweep: what numpy_sweep.py does with arrays, in one pass over the slabs.
 *
 * Within a slab every flight has a box, grown by its own cylinder, and is entered in every cell of
 * the plane that the box touches. Boxes of a cell are tested against one another; a pair that
 * shares several cells is taken in the last corner that both reach from below. Pairs are collected
 * first and looked at after, so that their vertices can be fetched ahead. Memory is what takes
 * time: flights under way carry with them what a slab asks, and are read in order. */
#include "sweep.h"

#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define FETCH(address) __builtin_prefetch(address)
#else
#define FETCH(address) ((void)0)
#endif

enum {
    AHEAD = 12,               /* how many flights or pairs ahead vertices are fetched */
    PAIRS_AT_ONCE = 1 << 18,  /* pairs collected before they are looked at: 2 MiB */
    ASKED_EVERY = 1 << 27     /* comparisons between two questions whether to go on: 50 ms */
};

/* A flight under way, with all that a slab asks of it: one line of a cache, read in order. */
typedef struct {
    const Vertex *leg, *last_leg; /* the one under way when the slab begins, or ends; the last */
    double horizontal, vertical;  /* radii */
    double x, y, z;               /* place when the slab begins */
    int32_t flight, last_slab;
} Active;

/* A box: west, south, bottom, and zero: four numbers are compared like one. */
#if defined(__GNUC__)
typedef float Corner __attribute__((vector_size(16)));
#else
typedef struct {
    float of[4];
} Corner;
#endif

typedef struct {
    Corner low, high;
} Extent;

/* What an active flight does within a slab, from its leg `begin` to the one under way at the end. */
typedef struct {
    const Vertex *begin;
    Extent extent;
    int16_t column, row, last_column, last_row;
} Passage;

/* A passage in one of the cells that it touches. */
typedef struct {
    int32_t passage;
    int16_t column, row; /* the first cell of the passage */
} Entry;

typedef struct {
    int32_t one, other; /* numbers of active flights, and of their passages */
} Pair;

/* What one slab after another is worked out in. */
typedef struct {
    Active *active;
    int64_t actives, active_room;
    Passage *passage;
    int64_t passage_room;
    int32_t *cell_count; /* zero between slabs */
    int32_t *cell;       /* cells in use */
    int64_t entry_room;
    Entry *entry;   /* cell by cell */
    Extent *extent; /* of the entries */
    Pair *pair;
    int64_t pairs, pair_room;
    int64_t most;     /* rows that are wanted at most */
    int64_t compared; /* boxes since it was asked whether to go on */
} Work;

static int room(void **array, int64_t *have, int64_t need, size_t size) {
    if (need <= *have) return 0;
    int64_t more = need + need / 2 + 64;
    void *grown = realloc(*array, (size_t)more * size);
    if (!grown) return -1;
    *array = grown;
    *have = more;
    return 0;
}

static inline int32_t slab_of(const Sweep *s, double t) {
    return (int32_t)((t - s->epoch) * s->per_slab);
}

static inline int16_t clamped(float place, float per_cell, int32_t count) {
    int32_t cell = (int32_t)(place * per_cell);
    return (int16_t)(cell < 0 ? 0 : cell >= count ? count - 1 : cell);
}

static inline void begin_from(Active *a, Vertex at) { a->x = at.x, a->y = at.y, a->z = at.z; }

/* A flight at its first vertex. */
static inline Active taking_off(const Sweep *s, int32_t flight) {
    const Vertex *first = s->vertex + s->offset[flight];
    Active a = {.leg = first, .last_leg = s->vertex + s->offset[flight + 1] - 2,
                .horizontal = s->horizontal[flight], .vertical = s->vertical[flight],
                .flight = flight, .last_slab = s->last_slab[flight]};
    begin_from(&a, *first);
    return a;
}

/* Flights under way when the first slab begins. */
static int begin_at(const Sweep *s, int32_t from, Work *w) {
    for (int64_t k = 0; k < s->joining[from]; k++) {
        int32_t flight = s->order[k];
        if (s->last_slab[flight] < from) continue;
        if (room((void **)&w->active, &w->active_room, w->actives + 1, sizeof(Active))) return -1;
        Active a = taking_off(s, flight);
        const Vertex *high = a.last_leg; /* the leg whose end is the first after t */
        while (a.leg < high) {
            const Vertex *middle = a.leg + (high - a.leg) / 2;
            if (slab_of(s, middle[1].t) < from) a.leg = middle + 1;
            else high = middle;
        }
        begin_from(&a, place_at(a.leg, s->epoch + from * s->slab));
        w->active[w->actives++] = a;
    }
    return 0;
}

static int join_and_leave(const Sweep *s, int32_t slab, Work *w) {
    int64_t kept = 0;
    for (int64_t k = 0; k < w->actives; k++)
        if (w->active[k].last_slab >= slab) w->active[kept++] = w->active[k];
    int64_t joining = s->joining[slab + 1] - s->joining[slab];
    if (room((void **)&w->active, &w->active_room, kept + joining, sizeof(Active))) return -1;
    for (int64_t k = 0; k < joining; k++)
        w->active[kept++] = taking_off(s, s->order[s->joining[slab] + k]);
    w->actives = kept;
    return 0;
}

typedef struct {
    double x0, x1, y0, y1, z0, z1;
} Box;

static inline void include(Box *b, double x, double y, double z) {
    b->x0 = least(b->x0, x), b->x1 = greatest(b->x1, x);
    b->y0 = least(b->y0, y), b->y1 = greatest(b->y1, y);
    b->z0 = least(b->z0, z), b->z1 = greatest(b->z1, z);
}

/* The passage of a flight through a slab; moves the flight on to the leg under way at its end. */
static void pass(const Sweep *s, int32_t slab, Active *a, Passage *p) {
    const Vertex *leg = a->leg;
    Box b = {a->x, a->x, a->y, a->y, a->z, a->z};
    p->begin = leg;
    while (leg <= a->last_leg && slab_of(s, leg[1].t) <= slab) {
        leg++;
        include(&b, leg->x, leg->y, leg->z);
    }
    if (leg <= a->last_leg) {
        begin_from(a, place_at(leg, s->epoch + (slab + 1) * s->slab));
        include(&b, a->x, a->y, a->z);
        a->leg = leg;
    } else {
        a->leg = a->last_leg;
    }
    double grown = a->horizontal + (s->tolerance + s->pad);
    double taller = a->vertical + (s->tolerance + s->pad);
    float west = (float)(b.x0 - s->west - grown), east = (float)(b.x1 - s->west + grown);
    float south = (float)(b.y0 - s->south - grown), north = (float)(b.y1 - s->south + grown);
    p->extent = (Extent){{west, south, (float)(b.z0 - taller)}, {east, north, (float)(b.z1 + taller)}};
    p->column = clamped(west, s->per_cell, s->columns);
    p->last_column = clamped(east, s->per_cell, s->columns);
    p->row = clamped(south, s->per_cell, s->rows);
    p->last_row = clamped(north, s->per_cell, s->rows);
}

#define EACH_CELL(s, p, id)                                                                 \
    for (int32_t row_ = (p)->row; row_ <= (p)->last_row; row_++)                            \
        for (int32_t id = row_ * (s)->columns + (p)->column,                                \
                     stop_ = row_ * (s)->columns + (p)->last_column; id <= stop_; id++)

static int entries_room(Work *w, int64_t entries) {
    if (entries <= w->entry_room) return 0;
    int64_t more = entries + entries / 2 + 64;
    void *grown;
#define GROW(array, count)                                                                  \
    if (!(grown = realloc(array, (size_t)(count) * sizeof(*(array))))) return -1;           \
    array = grown
    GROW(w->entry, more);
    GROW(w->extent, more);
#undef GROW
    w->entry_room = more;
    return 0;
}

/* Counts become the first entry of each cell; gives how many cells are in use. */
static int64_t first_entries(const Sweep *s, Work *w, int64_t entries) {
    int64_t cells = (int64_t)s->columns * s->rows, used = 0;
    int32_t before = 0;
    if (entries * 4 > cells) {
        for (int64_t id = 0; id < cells; id++) {
            int32_t count = w->cell_count[id];
            if (!count) continue;
            w->cell[used++] = (int32_t)id;
            w->cell_count[id] = before;
            before += count;
        }
        return used;
    }
    for (int64_t k = 0; k < w->actives; k++) { /* few in many cells: only those that are touched */
        EACH_CELL(s, w->passage + k, id) {
            int32_t count = w->cell_count[id];
            if (count <= 0) continue;
            w->cell[used++] = id;
            w->cell_count[id] = -before - 1; /* negative: seen */
            before += count;
        }
    }
    for (int64_t k = 0; k < used; k++) w->cell_count[w->cell[k]] = -w->cell_count[w->cell[k]] - 1;
    return used;
}

static void enter(const Sweep *s, Work *w) {
    for (int64_t k = 0; k < w->actives; k++) {
        const Passage *p = w->passage + k;
        EACH_CELL(s, p, id) {
            int32_t at = w->cell_count[id]++;
            w->entry[at] = (Entry){(int32_t)k, p->column, p->row};
            w->extent[at] = p->extent;
        }
    }
}

static inline int32_t number_of(const Sweep *s, const Active *a, const Vertex *leg) {
    return (int32_t)(leg - (s->vertex + s->offset[a->flight]));
}

/* Whether one flight ends with its leg at the instant at which the other begins with its own. */
static int relieves(const Sweep *s, const Active *a, const Vertex *leg, const Active *b,
                    const Vertex *next) {
    return leg[1].t == next->t && leg == a->last_leg && number_of(s, b, next) == 0;
}

/* The legs of two flights within a slab, in order of time. */
static int meet_legs(const Sweep *s, int32_t slab, const Work *w, Pair pair, Rows *out) {
    if (w->active[pair.one].flight > w->active[pair.other].flight)
        pair = (Pair){pair.other, pair.one};
    const Active *a = w->active + pair.one, *b = w->active + pair.other;
    double radius = (a->horizontal + b->horizontal) + s->tolerance;
    double height = (a->vertical + b->vertical) + s->tolerance;
    const Vertex *i = w->passage[pair.one].begin, *j = w->passage[pair.other].begin;
    while (i < a->leg && i[1].t < j->t) i++;
    while (j < b->leg && j[1].t < i->t) j++;
    for (;;) {
        double until_a = i[1].t, until_b = j[1].t;
        /* An instant counts only where one flight ends and the other begins. */
        if (greatest(i->t, j->t) < least(until_a, until_b) || relieves(s, a, i, b, j) ||
            relieves(s, b, j, a, i)) {
            Encounter found;
            int met = lowalt_meet(i, j, radius, height, s->exact, &found);
            if (met != MEET_NONE && slab_of(s, found.t_in) == slab) {
                Encounter *row = lowalt_rows_next(out);
                if (!row) return -1;
                if (met == MEET_UNDECIDED) found = (Encounter){.t_in = found.t_in, .inside = -1};
                found.first = a->flight, found.second = b->flight;
                found.first_leg = number_of(s, a, i), found.second_leg = number_of(s, b, j);
                *row = found;
            }
        }
        if (until_a < until_b || (until_a == until_b && i < a->leg)) {
            if (i == a->leg) return 0;
            i++;
        } else {
            if (j == b->leg) return 0;
            j++;
        }
    }
}

/* Looks at the pairs collected so far; what they ask for is fetched ahead in two steps. */
static int look(const Sweep *s, int32_t slab, Work *w, Rows *out) {
    for (int64_t k = 0; k < w->pairs; k++) {
        if (k + 2 * AHEAD < w->pairs) {
            const Pair *next = w->pair + k + 2 * AHEAD;
            FETCH(w->active + next->one), FETCH(w->passage + next->one);
            FETCH(w->active + next->other), FETCH(w->passage + next->other);
        }
        if (k + AHEAD < w->pairs) {
            const Pair *next = w->pair + k + AHEAD;
            FETCH(w->passage[next->one].begin), FETCH(w->passage[next->one].begin + 2);
            FETCH(w->passage[next->other].begin), FETCH(w->passage[next->other].begin + 2);
        }
        if (meet_legs(s, slab, w, w->pair[k], out)) return -1;
    }
    w->pairs = 0;
    return out->count > w->most ? SWEEP_TOO_MANY : 0;
}

static inline int is_touching(const Extent *a, const Extent *b) {
#if defined(__GNUC__)
    typedef int64_t Halves __attribute__((vector_size(16)));
    Halves apart = (Halves)((a->low > b->high) | (b->low > a->high));
    return !(apart[0] | apart[1]);
#else
    int apart = 0;
    for (int side = 0; side < 3; side++)
        apart |= (a->low.of[side] > b->high.of[side]) | (b->low.of[side] > a->high.of[side]);
    return !apart;
#endif
}

/* Collects the pairs of a cell whose boxes touch. */
static int pair_up(const Sweep *s, int32_t slab, Work *w, int32_t start, int32_t stop,
                   int32_t cell, Rows *out) {
    int32_t column = cell % s->columns, row = cell / s->columns;
    for (int32_t p = start; p < stop - 1; p++) {
        if (w->pairs > PAIRS_AT_ONCE) {
            int failed = look(s, slab, w, out);
            if (failed) return failed;
        }
        w->compared += stop - p;
        if (w->compared > ASKED_EVERY) {
            if (*s->stop || s->is_interrupted()) return SWEEP_INTERRUPTED;
            w->compared = 0;
        }
        const Extent own = w->extent[p];
        for (int32_t q = p + 1; q < stop; q++) {
            if (!is_touching(&own, w->extent + q)) continue;
            const Entry *one = w->entry + p, *other = w->entry + q;
            if ((one->column > other->column ? one->column : other->column) != column ||
                (one->row > other->row ? one->row : other->row) != row)
                continue;
            if (room((void **)&w->pair, &w->pair_room, w->pairs + 1, sizeof(Pair))) return -1;
            w->pair[w->pairs++] = (Pair){one->passage, other->passage};
        }
    }
    return 0;
}

static int sweep_slab(const Sweep *s, int32_t slab, Work *w, Rows *out) {
    if (join_and_leave(s, slab, w)) return -1;
    if (room((void **)&w->passage, &w->passage_room, w->actives, sizeof(Passage))) return -1;
    int64_t entries = 0;
    for (int64_t k = 0; k < w->actives; k++) {
        if (k + AHEAD < w->actives) {
            const Vertex *leg = w->active[k + AHEAD].leg;
            FETCH(leg), FETCH(leg + 2);
        }
        Passage *p = w->passage + k;
        pass(s, slab, w->active + k, p);
        EACH_CELL(s, p, id) w->cell_count[id]++;
        entries += (int64_t)(p->last_column - p->column + 1) * (p->last_row - p->row + 1);
    }
    if (entries > INT32_MAX || entries_room(w, entries)) return -1;
    int64_t used = first_entries(s, w, entries);
    enter(s, w);
    int32_t start = 0;
    for (int64_t k = 0; k < used; k++) {
        int32_t id = w->cell[k], stop = w->cell_count[id];
        w->cell_count[id] = 0;
        int failed = pair_up(s, slab, w, start, stop, id, out);
        if (failed) return failed;
        start = stop;
    }
    return look(s, slab, w, out);
}

int lowalt_sweep(const Sweep *s, int32_t from, int32_t to, int64_t most, Rows *out) {
    Work w;
    memset(&w, 0, sizeof w);
    w.most = most;
    int64_t cells = (int64_t)s->columns * s->rows;
    w.cell_count = calloc((size_t)cells, sizeof(int32_t));
    w.cell = malloc((size_t)cells * sizeof(int32_t));
    int failed = !w.cell_count || !w.cell || begin_at(s, from, &w) ? -1 : 0;
    for (int32_t slab = from; !failed && slab < to; slab++) failed = sweep_slab(s, slab, &w, out);
    free(w.active), free(w.passage), free(w.cell_count), free(w.cell), free(w.entry);
    free(w.extent), free(w.pair);
    return failed;
}

void lowalt_schedule(const Vertex *vertex, const int64_t *offset, int64_t flights, double epoch,
                     double slab, int32_t slabs, int32_t *order, int64_t *joining,
                     int32_t *last_slab) {
    Sweep s = {.epoch = epoch, .per_slab = 1.0 / slab};
    memset(joining, 0, (size_t)(slabs + 2) * sizeof *joining);
    for (int64_t f = 0; f < flights; f++) {
        last_slab[f] = slab_of(&s, vertex[offset[f + 1] - 1].t);
        joining[slab_of(&s, vertex[offset[f]].t) + 2]++;
    }
    for (int32_t k = 0; k < slabs; k++) joining[k + 2] += joining[k + 1];
    for (int64_t f = 0; f < flights; f++)
        order[joining[slab_of(&s, vertex[offset[f]].t) + 1]++] = (int32_t)f;
}
