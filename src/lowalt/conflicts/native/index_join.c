/* From meetings of legs to conflicts of flights, a few at a time: lowalt/conflicts/search/joining.py. */
#include "index_join.h"

#include <stdlib.h>
#include <string.h>

static int in_order(double a, double b) { return (a > b) - (a < b); }
static int in_count(int32_t a, int32_t b) { return (a > b) - (a < b); }

static int compare(const void *one, const void *other) {
    const Encounter *a = one, *b = other;
    int by = in_count(a->first, b->first);
    if (!by) by = in_count(a->second, b->second);
    if (!by) by = in_order(a->t_in, b->t_in);
    if (!by) by = in_order(a->t_out, b->t_out);
    if (!by) by = in_count(a->first_leg, b->first_leg);
    return by ? by : in_count(a->second_leg, b->second_leg);
}

/* Whether a meeting goes on with the next one of the pair; until is when those before have ended. */
static int goes_on(const Encounter *before, const Encounter *next, double until) {
    if (next->first != before->first || next->second != before->second) return 0;
    if (next->first_leg == before->first_leg && next->second_leg == before->second_leg) return 1;
    return next->t_in < until || (next->t_in == until && next->inside & STARTS_INSIDE &&
                                  before->inside & ENDS_INSIDE);
}

int64_t lowalt_join(Encounter *rows, int64_t count, Conflict *joined) {
    qsort(rows, (size_t)count, sizeof *rows, compare);
    int64_t n = 0;
    for (int64_t i = 0; i < count; n++) {
        Conflict c;
        memset(&c, 0, sizeof c);
        c.first = rows[i].first, c.second = rows[i].second;
        c.t_in = rows[i].t_in, c.legs_in[0] = rows[i].first_leg, c.legs_in[1] = rows[i].second_leg;
        c.t_out = -INFINITY, c.d_cpa = INFINITY;
        do {
            const Encounter *row = &rows[i++];
            if (row->t_out >= c.t_out) {
                c.t_out = row->t_out;
                c.legs_out[0] = row->first_leg, c.legs_out[1] = row->second_leg;
            }
            if (row->d_cpa < c.d_cpa || (row->d_cpa == c.d_cpa && row->t_cpa < c.t_cpa)) {
                c.t_cpa = row->t_cpa, c.d_cpa = row->d_cpa;
                c.legs_cpa[0] = row->first_leg, c.legs_cpa[1] = row->second_leg;
            }
        } while (i < count && goes_on(&rows[i - 1], &rows[i], c.t_out));
        joined[n] = c;
    }
    return n;
}
