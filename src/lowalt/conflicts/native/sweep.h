/* Every meeting of legs among many flights, slab by slab. */
#ifndef LOWALT_SWEEP_H
#define LOWALT_SWEEP_H

#include "rows.h"

typedef struct {
    const Vertex *vertex;
    const int64_t *offset;             /* first vertex of each flight, and one more */
    const double *horizontal, *vertical; /* radii */
    double tolerance;
    int exact; /* sums of radii carry no rounding */
    /* The flights in order of the slab that they begin in; where each slab's are, from the first
     * slab on, and one more; and the last slab of each flight. */
    const int32_t *order;
    const int64_t *joining;
    const int32_t *last_slab;
    double epoch, slab, per_slab, west, south, pad; /* per_slab: slabs a second */
    float per_cell;                                 /* cells a metre */
    int32_t columns, rows;                          /* of cells */
    int (*is_interrupted)(void);  /* asked now and then, as is */
    const volatile uint8_t *stop; /* whether another thread wants an end */
} Sweep;

enum { SWEEP_NO_MEMORY = -1, SWEEP_TOO_MANY = 1, SWEEP_INTERRUPTED = 2 };

/* Appends the meetings whose first instant lies in the slabs from..to-1; undecided ones have
 * inside = -1. Returns 0, or a SWEEP_ code. */
int lowalt_sweep(const Sweep *sweep, int32_t from, int32_t to, int64_t most, Rows *out);

/* Orders flights by first slab; see Sweep. joining has slabs + 2 places and ends up in use from 0
 * to slabs. */
void lowalt_schedule(const Vertex *vertex, const int64_t *offset, int64_t flights, double epoch,
                     double slab, int32_t slabs, int32_t *order, int64_t *joining,
                     int32_t *last_slab);

#endif
