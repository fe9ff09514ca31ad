/* The sweep: what numpy_sweep.py does with arrays, in one pass over the slabs.
 *
 * Within a slab every flight has a box, grown by its own cylinder, and is entered in every cell of
 * the plane that the box touches. Boxes of a cell are tested against one another eight at a time;
 * a pair that shares several cells is taken in the last corner that both reach from below. Pairs
 * are collected first and looked at after, so that their vertices can be fetched ahead. */
#include "sweep.h"

#include <stdlib.h>
#include <string.h>

#if defined(__GNUC__)
#define FETCH(address) __builtin_prefetch(address)
#define FIRST_BYTE(bits) (__builtin_ctzll(bits) >> 3)
#else
#define FETCH(address) ((void)0)
static int FIRST_BYTE(uint64_t bits) {
    int byte = 0;
    while (!(bits & 0xff)) bits >>= 8, byte++;
    return byte;
}
#endif

enum {
    AHEAD = 12,               /* how many flights or pairs ahead vertices are fetched */
    PAIRS_AT_ONCE = 1 << 18,  /* pairs collected before they are looked at: 2 MiB */
    ASKED_EVERY = 1 << 27     /* comparisons between two questions whether to go on: 50 ms */
};

typedef struct {
    int32_t flight, leg; /* leg: the one under way when the slab begins, counted within the flight */
} Active;

typedef struct {
    float west, east, south, north, bottom, top;
    int32_t flight, begin, end; /* first and last leg within the slab */
    int16_t column, row, last_column, last_row;
} Passage;

typedef struct {
    int32_t one, other;
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
    int32_t *entry; /* passages, cell by cell */
    float *edge[6]; /* west, east, south, north, bottom, top of the entries */
    int16_t *home_column, *home_row;
    uint8_t *hit;
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
    return (int32_t)((t - s->epoch) * (1.0 / s->slab));
}

static inline int16_t clamped(float place, float per_cell, int32_t count) {
    int32_t cell = (int32_t)(place * per_cell);
    return (int16_t)(cell < 0 ? 0 : cell >= count ? count - 1 : cell);
}

static inline int32_t last_leg(const Sweep *s, int32_t flight) {
    return (int32_t)(s->offset[flight + 1] - s->offset[flight]) - 2;
}

/* Flights under way when the first slab begins. */
static int begin_at(const Sweep *s, int32_t from, Work *w) {
    for (int64_t k = 0; k < s->joining[from]; k++) {
        int32_t flight = s->order[k];
        if (s->last_slab[flight] < from) continue;
        if (room((void **)&w->active, &w->active_room, w->actives + 1, sizeof(Active))) return -1;
        const Vertex *v = s->vertex + s->offset[flight];
        int32_t low = 0, high = last_leg(s, flight); /* the leg whose end is the first after t */
        while (low < high) {
            int32_t middle = low + (high - low) / 2;
            if (slab_of(s, v[middle + 1].t) < from) low = middle + 1;
            else high = middle;
        }
        w->active[w->actives++] = (Active){flight, low};
    }
    return 0;
}

static int join_and_leave(const Sweep *s, int32_t slab, Work *w) {
    int64_t kept = 0;
    for (int64_t k = 0; k < w->actives; k++)
        if (s->last_slab[w->active[k].flight] >= slab) w->active[kept++] = w->active[k];
    int64_t joining = s->joining[slab + 1] - s->joining[slab];
    if (room((void **)&w->active, &w->active_room, kept + joining, sizeof(Active))) return -1;
    for (int64_t k = 0; k < joining; k++)
        w->active[kept++] = (Active){s->order[s->joining[slab] + k], 0};
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

static inline Vertex place_at(const Vertex *leg, double t) {
    double share = (t - leg[0].t) / (leg[1].t - leg[0].t);
    return (Vertex){t, leg[0].x + (leg[1].x - leg[0].x) * share,
                    leg[0].y + (leg[1].y - leg[0].y) * share,
                    leg[0].z + (leg[1].z - leg[0].z) * share};
}

/* The passage of a flight through a slab; moves the flight on to the leg under way at its end. */
static inline void pass(const Sweep *s, int32_t slab, Active *a, Passage *p) {
    double begin = s->epoch + slab * s->slab, end = s->epoch + (slab + 1) * s->slab;
    int32_t flight = a->flight, leg = a->leg, last = last_leg(s, flight);
    const Vertex *v = s->vertex + s->offset[flight];
    Vertex at = v[leg].t < begin ? place_at(v + leg, begin) : v[leg];
    Box b = {at.x, at.x, at.y, at.y, at.z, at.z};
    while (leg <= last && slab_of(s, v[leg + 1].t) <= slab) {
        leg++;
        include(&b, v[leg].x, v[leg].y, v[leg].z);
    }
    if (leg <= last) {
        at = place_at(v + leg, end);
        include(&b, at.x, at.y, at.z);
    }
    double grown = s->horizontal[flight] + (s->tolerance + s->pad);
    double taller = s->vertical[flight] + (s->tolerance + s->pad);
    p->west = (float)(b.x0 - s->west - grown), p->east = (float)(b.x1 - s->west + grown);
    p->south = (float)(b.y0 - s->south - grown), p->north = (float)(b.y1 - s->south + grown);
    p->bottom = (float)(b.z0 - taller), p->top = (float)(b.z1 + taller);
    p->flight = flight;
    p->begin = a->leg;
    p->end = leg <= last ? leg : last;
    a->leg = p->end;
    float per_cell = (float)(1.0 / s->cell);
    p->column = clamped(p->west, per_cell, s->columns);
    p->last_column = clamped(p->east, per_cell, s->columns);
    p->row = clamped(p->south, per_cell, s->rows);
    p->last_row = clamped(p->north, per_cell, s->rows);
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
    GROW(w->home_column, more);
    GROW(w->home_row, more);
    GROW(w->hit, more + 8);
    for (int k = 0; k < 6; k++) {
        GROW(w->edge[k], more);
    }
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
            w->entry[at] = (int32_t)k;
            w->edge[0][at] = p->west, w->edge[1][at] = p->east;
            w->edge[2][at] = p->south, w->edge[3][at] = p->north;
            w->edge[4][at] = p->bottom, w->edge[5][at] = p->top;
            w->home_column[at] = p->column, w->home_row[at] = p->row;
        }
    }
}

/* The legs of two flights within a slab, in order of time. */
static int meet_legs(const Sweep *s, int32_t slab, const Passage *a, const Passage *b, Rows *out) {
    if (a->flight > b->flight) {
        const Passage *swap = a;
        a = b, b = swap;
    }
    int32_t first = a->flight, second = b->flight;
    const Vertex *va = s->vertex + s->offset[first], *vb = s->vertex + s->offset[second];
    double radius = (s->horizontal[first] + s->horizontal[second]) + s->tolerance;
    double height = (s->vertical[first] + s->vertical[second]) + s->tolerance;
    int32_t i = a->begin, j = b->begin;
    while (i < a->end && va[i + 1].t < vb[j].t) i++;
    while (j < b->end && vb[j + 1].t < va[i].t) j++;
    for (;;) {
        double until_a = va[i + 1].t, until_b = vb[j + 1].t;
        double since = greatest(va[i].t, vb[j].t), until = least(until_a, until_b);
        /* An instant counts only where one flight ends and the other begins. */
        int together = since < until ||
                       (until_a == vb[j].t && i == last_leg(s, first) && j == 0) ||
                       (until_b == va[i].t && j == last_leg(s, second) && i == 0);
        if (together) {
            Encounter found;
            int met = lowalt_meet(va + i, vb + j, radius, height, s->exact, &found);
            if (met != MEET_NONE && slab_of(s, found.t_in) == slab) {
                Encounter *row = lowalt_rows_next(out);
                if (!row) return -1;
                if (met == MEET_UNDECIDED) found = (Encounter){.t_in = found.t_in, .inside = -1};
                found.first = first, found.second = second;
                found.first_leg = i, found.second_leg = j;
                *row = found;
            }
        }
        if (until_a < until_b || (until_a == until_b && i < a->end)) {
            if (i == a->end) return 0;
            i++;
        } else {
            if (j == b->end) return 0;
            j++;
        }
    }
}

/* Looks at the pairs collected so far. */
static int look(const Sweep *s, int32_t slab, Work *w, Rows *out) {
    for (int64_t k = 0; k < w->pairs; k++) {
        if (k + AHEAD < w->pairs) {
            const Pair *next = w->pair + k + AHEAD;
            const Passage *a = w->passage + next->one, *b = w->passage + next->other;
            FETCH(s->vertex + s->offset[a->flight] + a->begin);
            FETCH(s->vertex + s->offset[b->flight] + b->begin);
        }
        const Pair *pair = w->pair + k;
        if (meet_legs(s, slab, w->passage + pair->one, w->passage + pair->other, out)) return -1;
    }
    w->pairs = 0;
    return out->count > w->most ? SWEEP_TOO_MANY : 0;
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
        float west = w->edge[0][p], east = w->edge[1][p], south = w->edge[2][p];
        float north = w->edge[3][p], bottom = w->edge[4][p], top = w->edge[5][p];
        int16_t home_column = w->home_column[p], home_row = w->home_row[p];
        int32_t many = stop - p - 1;
        const float *wests = w->edge[0] + p + 1, *easts = w->edge[1] + p + 1;
        const float *souths = w->edge[2] + p + 1, *norths = w->edge[3] + p + 1;
        const float *bottoms = w->edge[4] + p + 1, *tops = w->edge[5] + p + 1;
        const int16_t *columns = w->home_column + p + 1, *rows = w->home_row + p + 1;
        uint8_t *hit = w->hit;
        for (int32_t q = 0; q < many; q++)
            hit[q] = (wests[q] <= east) & (easts[q] >= west) & (souths[q] <= north) &
                     (norths[q] >= south) & (bottoms[q] <= top) & (tops[q] >= bottom) &
                     ((home_column > columns[q] ? home_column : columns[q]) == column) &
                     ((home_row > rows[q] ? home_row : rows[q]) == row);
        memset(hit + many, 0, 8);
        for (int32_t eight = 0; eight < many; eight += 8) {
            uint64_t bits;
            memcpy(&bits, hit + eight, 8);
            if (!bits) continue;
            if (room((void **)&w->pair, &w->pair_room, w->pairs + 8, sizeof(Pair))) return -1;
            for (int32_t q = eight; q < eight + 8; q++)
                if (hit[q]) w->pair[w->pairs++] = (Pair){w->entry[p], w->entry[p + 1 + q]};
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
            const Active *next = w->active + k + AHEAD;
            const Vertex *v = s->vertex + s->offset[next->flight] + next->leg;
            FETCH(v);
            FETCH(v + 2);
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
    free(w.home_column), free(w.home_row), free(w.hit), free(w.pair);
    for (int k = 0; k < 6; k++) free(w.edge[k]);
    return failed;
}

void lowalt_schedule(const Vertex *vertex, const int64_t *offset, int64_t flights, double epoch,
                     double slab, int32_t slabs, int32_t *order, int64_t *joining,
                     int32_t *last_slab) {
    Sweep s = {.epoch = epoch, .slab = slab};
    memset(joining, 0, (size_t)(slabs + 2) * sizeof *joining);
    for (int64_t f = 0; f < flights; f++) {
        last_slab[f] = slab_of(&s, vertex[offset[f + 1] - 1].t);
        joining[slab_of(&s, vertex[offset[f]].t) + 2]++;
    }
    for (int32_t k = 0; k < slabs; k++) joining[k + 2] += joining[k + 1];
    for (int64_t f = 0; f < flights; f++)
        order[joining[slab_of(&s, vertex[offset[f]].t) + 1]++] = (int32_t)f;
}
