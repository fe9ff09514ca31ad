/* From meetings of legs to conflicts of flights. */
#ifndef LOWALT_INDEX_JOIN_H
#define LOWALT_INDEX_JOIN_H

#include "encounter.h"

typedef struct {
    double t_in, t_out, t_cpa, d_cpa;
    int32_t first, second, legs_in[2], legs_cpa[2], legs_out[2];
} Conflict; /* 64 bytes: the dtype CONFLICT */

/* Joins meetings, none of them in doubt, and sorts them for it. There is room for as many
 * conflicts as there are meetings; gives how many there are. */
int64_t lowalt_join(Encounter *rows, int64_t count, Conflict *joined);

#endif
