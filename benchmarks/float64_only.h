/* The meeting of two legs by float64 alone, in place of native/encounter.h: no bound of rounding
 * beside any decision, and nothing left to be settled. Rounding decides what is near. */
#ifndef LOWALT_FLOAT64_ONLY_H
#define LOWALT_FLOAT64_ONLY_H

#define lowalt_meet lowalt_meet_exactly
#include "encounter_exactly.h"
#undef lowalt_meet

static inline int is_beside(double a0, double a1, double b0, double b1, double size) {
    return least(b0, b1) - greatest(a0, a1) >= size || least(a0, a1) - greatest(b0, b1) >= size;
}

static inline int lowalt_meet(const Vertex *a, const Vertex *b, double radius, double height,
                              int exact, Encounter *found) {
    (void)exact;
    if (is_beside(a[0].z, a[1].z, b[0].z, b[1].z, height)) return MEET_NONE;
    if (is_beside(a[0].x, a[1].x, b[0].x, b[1].x, radius)) return MEET_NONE;
    if (is_beside(a[0].y, a[1].y, b[0].y, b[1].y, radius)) return MEET_NONE;
    double start = greatest(a[0].t, b[0].t), end = least(a[1].t, b[1].t);
    double along_a = a[1].t - a[0].t, along_b = b[1].t - b[0].t;
    double since_a = start - a[0].t, since_b = start - b[0].t;
    double ua = (a[1].x - a[0].x) / along_a, ub = (b[1].x - b[0].x) / along_b;
    double va = (a[1].y - a[0].y) / along_a, vb = (b[1].y - b[0].y) / along_b;
    double wa = (a[1].z - a[0].z) / along_a, wb = (b[1].z - b[0].z) / along_b;
    double x = (a[0].x + ua * since_a) - (b[0].x + ub * since_b);
    double y = (a[0].y + va * since_a) - (b[0].y + vb * since_b);
    double z = (a[0].z + wa * since_a) - (b[0].z + wb * since_b);
    double u = ua - ub, v = va - vb, w = wa - wb, duration = end - start, from = 0.0, to = duration;
    if (w != 0.0) {
        double p = (-height - z) / w, q = (height - z) / w;
        from = greatest(from, least(p, q));
        to = least(to, greatest(p, q));
    } else if (fabs(z) >= height) {
        return MEET_NONE;
    }
    double speed2 = u * u + v * v, closing = x * u + y * v, excess = x * x + y * y - radius * radius;
    if (speed2 > 0.0) {
        double square = closing * closing - speed2 * excess;
        if (square <= 0.0) return MEET_NONE;
        double root = sqrt(square);
        from = greatest(from, (-closing - root) / speed2);
        to = least(to, (-closing + root) / speed2);
    } else if (excess >= 0.0) {
        return MEET_NONE;
    }
    if (from >= to) return MEET_NONE;
    double closest = speed2 > 0.0 ? least(greatest(-closing / speed2, from), to) : from;
    x += u * closest;
    y += v * closest;
    found->t_in = start + from;
    found->t_out = least(start + to, end);
    found->t_cpa = start + closest;
    found->d_cpa = sqrt(x * x + y * y);
    found->inside = (from == 0.0 ? STARTS_INSIDE : 0) + (to == duration ? ENDS_INSIDE : 0);
    return MEET_CERTAIN;
}

#endif
