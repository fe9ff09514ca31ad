#include "volumes_passages.h"

#include <math.h>

#define STILL_M 1e-9 /* legs shorter than this stay where they begin */
#define FEW 12       /* that are sorted by insertion */

typedef struct {
    double from, to;
} Span;

int lowalt_work_begin(Work *w, const Shapes *s, Py_ssize_t count) {
    Py_ssize_t largest = 0;
    for (Py_ssize_t r = 0; r < s->offsets[count]; r++)
        if (s->rings[r + 1] - s->rings[r] > largest) largest = s->rings[r + 1] - s->rings[r];
    *w = (Work){{NULL, 0, 0, sizeof(double)}, {NULL, 0, 0, sizeof(Span)}, NULL};
    w->across = malloc(((size_t)largest + 1) * sizeof *w->across);
    return w->across != NULL;
}

void lowalt_work_end(Work *w) {
    free(w->across);
    free(w->crossings.data);
    free(w->spans.data);
}

Leg lowalt_leg_of(const Place *a, const Place *b, double reach, double height, double early) {
    Leg leg = {*a, *b, 1.0, 0.0, 0.0, b->t - a->t, b->z - a->z, reach, height, early};
    double dx = b->x - a->x, dy = b->y - a->y, length = sqrt(dx * dx + dy * dy);
    if (length >= STILL_M) {
        leg.u = dx / length;
        leg.v = dy / length;
        leg.length_m = length;
    }
    return leg;
}

/* ---- in the plane --------------------------------------------------------------------------- */

static int by_value(const void *a, const void *b) {
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

static int by_from(const void *a, const void *b) {
    double p = ((const Span *)a)->from, q = ((const Span *)b)->from;
    return (p > q) - (p < q);
}

static void sort_crossings(double *at, size_t count) {
    if (count > FEW) {
        qsort(at, count, sizeof *at, by_value);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        double crossing = at[i];
        size_t k = i;
        for (; k > 0 && at[k - 1] > crossing; k--) at[k] = at[k - 1];
        at[k] = crossing;
    }
}

static void sort_spans(Span *spans, size_t count) {
    if (count > FEW) {
        qsort(spans, count, sizeof *spans, by_from);
        return;
    }
    for (size_t i = 1; i < count; i++) {
        Span span = spans[i];
        size_t k = i;
        for (; k > 0 && spans[k - 1].from > span.from; k--) spans[k] = spans[k - 1];
        spans[k] = span;
    }
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

/* Add where the line of the leg crosses a ring, and where it is within reach of its edges. */
static int along_ring(const Leg *leg, const double *x, const double *y, Py_ssize_t size,
                      double reach, Work *w) {
    for (Py_ssize_t i = 0; i < size; i++)
        w->across[i] = leg->u * (y[i] - leg->a.y) - leg->v * (x[i] - leg->a.x);
    w->across[size] = w->across[0];
    for (Py_ssize_t i = 0; i < size; i++) {
        double q0 = w->across[i], q1 = w->across[i + 1];
        if ((least(q0, q1) > reach) | (greatest(q0, q1) < -reach)) continue;
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
    return 1;
}

/* Where the line of the leg is in or within reach of the volume's shape: unsorted spans, metres
 * along the line, which may overlap. */
static int spans_in_plane(const Leg *leg, const Shapes *s, Py_ssize_t n, Work *w) {
    double reach = s->radius[n] + leg->reach;
    w->crossings.count = w->spans.count = 0;
    for (Py_ssize_t r = s->offsets[n]; r < s->offsets[n + 1]; r++) {
        Py_ssize_t first = s->rings[r], size = s->rings[r + 1] - first;
        if (!along_ring(leg, s->x + first, s->y + first, size, reach, w)) return 0;
    }
    double *at = (double *)w->crossings.data;
    sort_crossings(at, w->crossings.count);
    for (size_t i = 0; i + 1 < w->crossings.count; i += 2)
        if (!add_span(&w->spans, at[i], at[i + 1])) return 0;
    return 1;
}

/* ---- in height and time --------------------------------------------------------------------- */

/* Which share of the leg height and time leave, both ends included. */
static Span share_of(const Leg *leg, const Place *low, const Place *high) {
    Span none = {1.0, 0.0};
    double start = low->t - leg->early, end = high->t + leg->early;
    if (leg->b.t < start || leg->a.t > end) return none;
    Span share = {start > leg->a.t ? (start - leg->a.t) / leg->duration_s : 0.0,
                  end < leg->b.t ? (end - leg->a.t) / leg->duration_s : 1.0};
    double bottom = low->z - leg->height, top = high->z + leg->height;
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

/* Turn spans along the line into shares of the leg that overlap the share given. Gives how many. */
static size_t clip(Span *spans, size_t count, const Leg *leg, Span share) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
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
            spans[kept].from = from;
            spans[kept++].to = to;
        }
    }
    return kept;
}

int lowalt_pass(const Leg *leg, const Shapes *s, Passage passage, Work *w, List *found) {
    const Place *low = s->low + passage.volume, *high = s->high + passage.volume;
    Span share = share_of(leg, low, high);
    if (!(share.from <= share.to)) return 1;
    if (!spans_in_plane(leg, s, passage.volume, w)) return 0;
    Span *spans = (Span *)w->spans.data;
    size_t count = clip(spans, w->spans.count, leg, share);
    sort_spans(spans, count);
    double start = low->t - leg->early, end = high->t + leg->early;
    for (size_t i = 0; i < count;) {
        Span whole = spans[i];
        for (i++; i < count && spans[i].from <= whole.to; i++)
            whole.to = greatest(whole.to, spans[i].to);
        if (!add_passage(found, leg, passage, whole, start, end)) return 0;
    }
    return 1;
}
