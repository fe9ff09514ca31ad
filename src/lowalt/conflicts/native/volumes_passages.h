/* When a leg is in a volume: the closed form of lowalt/conflicts/volumes/passages.py, operation by
 * operation; compiled without contraction of products and sums, both give the same bits. */
#ifndef LOWALT_VOLUMES_PASSAGES_H
#define LOWALT_VOLUMES_PASSAGES_H

#include "volumes_cells.h"

typedef struct {
    const double *x, *y, *radius;
    const Py_ssize_t *rings, *offsets;
    const Place *low, *high;
} Shapes;

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
    double reach, height, early;
} Leg;

typedef struct {
    List crossings, spans; /* double; spans along the line of a leg */
    double *across;        /* room for the vertices of the largest ring, and one more */
} Work;

/* Room for the volumes, the last of which is the one before count; 0 where memory has run out. */
int lowalt_work_begin(Work *work, const Shapes *shapes, Py_ssize_t count);
void lowalt_work_end(Work *work);

Leg lowalt_leg_of(const Place *a, const Place *b, double reach, double height, double early);

/* Add the leg's passages through a volume, in order of time; 0 where memory has run out. */
int lowalt_pass(const Leg *leg, const Shapes *shapes, Passage passage, Work *work, List *found);

#endif
