/* Where two straight, uniform legs come closer than their cylinders allow: the closed form.
 *
 * Operation by operation the same as lowalt/conflicts/search/encounters.py, which explains it, and
 * as one_encounter.py beside it; compiled without contraction of products and sums, all three give
 * the same bits. */
#ifndef LOWALT_ENCOUNTER_H
#define LOWALT_ENCOUNTER_H

#include <math.h>
#include <stdint.h>

typedef struct {
    double t, x, y, z;
} Vertex;

typedef struct {
    double t_in, t_out, t_cpa, d_cpa;
    int32_t first, second, first_leg, second_leg, inside;
} Encounter; /* 56 bytes: the dtype ENCOUNTER */

enum { MEET_UNDECIDED = -1, MEET_NONE = 0, MEET_CERTAIN = 1 };
enum { STARTS_INSIDE = 1, ENDS_INSIDE = 2, STARTS_IN_DOUBT = 4, ENDS_IN_DOUBT = 8 };

#define ERROR_M 0x1p-24
#define STILL_M2 0x1p-54

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double greatest(double a, double b) { return a > b ? a : b; }

/* Where a leg, given by its two ends, is at some time. */
static inline Vertex place_at(const Vertex *leg, double t) {
    double share = (t - leg[0].t) / (leg[1].t - leg[0].t);
    return (Vertex){t, leg[0].x + (leg[1].x - leg[0].x) * share,
                    leg[0].y + (leg[1].y - leg[0].y) * share,
                    leg[0].z + (leg[1].z - leg[0].z) * share};
}

/* What rounding took from a - b = s: a - b is s + lost, exactly. */
static inline double lost(double a, double b, double s) {
    double part = s - a, whole = s - part;
    return (a - whole) + (-b - part);
}

/* Whether one extent lies a whole size or more above the other, touching included. */
static inline int is_clear(double low, double high, double size, int exact) {
    double gap = low - high;
    if (gap < size) return 0; /* nearly all; one comparison, and no look at what is rare */
    if (!exact) return gap > size + ERROR_M;
    return gap > size || lost(low, high, gap) >= 0.0;
}

static inline int is_apart(double a0, double a1, double b0, double b1, double size, int exact) {
    return is_clear(least(b0, b1), greatest(a0, a1), size, exact) ||
           is_clear(least(a0, a1), greatest(b0, b1), size, exact);
}

/* Relative motion of the first leg's flight seen from the second's, from a common instant on. */
typedef struct {
    double x, y, z, u, v, w; /* place, m; speed, m/s */
    double speed2, closing, distance2, moment, duration;
    int still;
} Motion;

typedef struct {
    double from, to;
    int open; /* whether it holds any instant */
} Window;

static inline Window window_of(const Motion *m, double radius, double height) {
    Window n = {-INFINITY, INFINITY, 0};
    /* What asks for no division first: most are told by it. */
    double square = radius * radius, excess = m->speed2 * square - m->moment * m->moment;
    if (!(m->still ? m->distance2 < square : excess > 0.0)) return n;
    if (m->w == 0.0) {
        if (!(fabs(m->z) < height)) return n;
    } else {
        double p = (-height - m->z) / m->w, q = (height - m->z) / m->w;
        n.from = least(p, q);
        n.to = greatest(p, q);
    }
    if (!m->still) {
        double root = sqrt(excess); /* no sign of zero: it would tell the flights apart */
        double q = m->closing < 0.0 ? root - m->closing : -(m->closing + root);
        double p = q / m->speed2, r = (m->distance2 - square) / q;
        n.from = greatest(n.from, least(p, r));
        n.to = least(n.to, greatest(p, r));
    }
    n.open = n.from < n.to && n.from < m->duration && n.to > 0.0;
    return n;
}

/* 1 inside both by more than the error, 0 outside one by more than the error, -1 in between. */
static inline int is_inside(const Motion *m, double after, double radius, double height) {
    double x = m->x + m->u * after, y = m->y + m->v * after, z = fabs(m->z + m->w * after);
    double square = x * x + y * y;
    double inner = radius - ERROR_M, outer = radius + ERROR_M;
    if (inner > 0.0 && square < inner * inner && z < height - ERROR_M) return 1;
    if (square > outer * outer || z > height + ERROR_M) return 0;
    return -1;
}

/* The meeting of the leg that begins at a with the one that begins at b. exact: radius and height
 * carry no rounding. The caller has seen to it that the legs have an instant in common. */
static inline int lowalt_meet(const Vertex *a, const Vertex *b, double radius, double height,
                              int exact, Encounter *found) {
    if (is_apart(a[0].z, a[1].z, b[0].z, b[1].z, height, exact)) return MEET_NONE;
    if (is_apart(a[0].x, a[1].x, b[0].x, b[1].x, radius, exact)) return MEET_NONE;
    if (is_apart(a[0].y, a[1].y, b[0].y, b[1].y, radius, exact)) return MEET_NONE;
    double start = greatest(a[0].t, b[0].t), end = least(a[1].t, b[1].t);
    double along_a = a[1].t - a[0].t, along_b = b[1].t - b[0].t;
    double since_a = start - a[0].t, since_b = start - b[0].t;
    double ua = (a[1].x - a[0].x) / along_a, ub = (b[1].x - b[0].x) / along_b;
    double va = (a[1].y - a[0].y) / along_a, vb = (b[1].y - b[0].y) / along_b;
    double wa = (a[1].z - a[0].z) / along_a, wb = (b[1].z - b[0].z) / along_b;
    Motion m;
    m.x = (a[0].x + ua * since_a) - (b[0].x + ub * since_b);
    m.y = (a[0].y + va * since_a) - (b[0].y + vb * since_b);
    m.z = (a[0].z + wa * since_a) - (b[0].z + wb * since_b);
    m.u = ua - ub;
    m.v = va - vb;
    m.w = wa - wb;
    m.duration = end - start;
    m.speed2 = m.u * m.u + m.v * m.v;
    m.closing = m.x * m.u + m.y * m.v;
    m.distance2 = m.x * m.x + m.y * m.y;
    m.moment = m.x * m.v - m.y * m.u;
    m.still = (m.speed2 * m.duration) * m.duration <= STILL_M2;
    /* Most are told by this window alone: whoever never enters the larger cylinder. */
    Window larger = window_of(&m, radius + ERROR_M, height + ERROR_M);
    if (!larger.open) return MEET_NONE;
    Window n = window_of(&m, radius, height);
    double from = greatest(n.from, 0.0), to = least(n.to, m.duration);
    if (!n.open || is_inside(&m, 0.5 * (from + to), radius, height) != 1) {
        /* If they meet, then not before: what is undecided belongs to the slab of this instant. */
        found->t_in = least(start + greatest(larger.from, 0.0), end);
        return MEET_UNDECIDED;
    }
    int starts = is_inside(&m, 0.0, radius, height);
    int ends = is_inside(&m, m.duration, radius, height);
    double closest = m.speed2 > 0.0 ? least(greatest(-m.closing / m.speed2, from), to) : from;
    double x = m.x + m.u * closest, y = m.y + m.v * closest;
    found->t_in = starts > 0 ? start : least(start + from, end);
    found->t_out = ends > 0 ? end : least(start + to, end);
    found->t_cpa = least(start + closest, end);
    found->d_cpa = sqrt(x * x + y * y);
    found->inside = (starts > 0 ? STARTS_INSIDE : starts < 0 ? STARTS_IN_DOUBT : 0) +
                    (ends > 0 ? ENDS_INSIDE : ends < 0 ? ENDS_IN_DOUBT : 0);
    return MEET_CERTAIN;
}

#endif
