/* Volumes of airspace, and the cells of the plane that they lie in. */
#ifndef LOWALT_VOLUMES_CELLS_H
#define LOWALT_VOLUMES_CELLS_H

#include "volumes_lists.h"

#include <stdint.h>

#define BLOCK 16 /* volumes of a cell whose latest end is known together */

static inline double least(double a, double b) { return a < b ? a : b; }
static inline double greatest(double a, double b) { return a > b ? a : b; }

typedef struct {
    double t, x, y, z;
} Place;

typedef struct {
    const Place *low, *high;
    const Py_ssize_t *by_start; /* their numbers, the earliest start first */
    Py_ssize_t count;
} Boxes;

typedef struct {
    double x, y, per_m;  /* corner, cells per metre */
    Py_ssize_t nx, ny;   /* cells along x and y */
} Grid;

typedef struct {
    Grid grid;
    Py_ssize_t *begins; /* members of cell c: members[begins[c]] to members[begins[c + 1]] */
    Py_ssize_t *blocks; /* blocks of cell c: latest[blocks[c]] on */
    int32_t *members;   /* the earliest start first */
    double *latest;     /* latest end within each block of a cell's members */
} Cells;

typedef struct {
    Py_ssize_t x0, y0, x1, y1;
} CellRange;

static inline Py_ssize_t cell_at(double offset, double per_m, Py_ssize_t n) {
    double c = offset * per_m;
    if (!(c > 0.0)) return 0;
    return c >= (double)(n - 1) ? n - 1 : (Py_ssize_t)c;
}

static inline CellRange range_of(const Grid *g, double x0, double y0, double x1, double y1) {
    CellRange r = {cell_at(x0 - g->x, g->per_m, g->nx), cell_at(y0 - g->y, g->per_m, g->ny),
                   cell_at(x1 - g->x, g->per_m, g->nx), cell_at(y1 - g->y, g->per_m, g->ny)};
    return r;
}

static inline CellRange range_between(const Grid *g, const Place *low, const Place *high) {
    return range_of(g, low->x, low->y, high->x, high->y);
}

/* Cells as small as one for each of so many shares of a box, or larger, where boxes are so large
 * that one would be in more cells than so many on average. */
Grid lowalt_volumes_grid(const Boxes *boxes, double shares, double entries);

/* Which boxes each cell holds; 0 where memory has run out. */
int lowalt_volumes_fill(Cells *cells, const Boxes *boxes);

void lowalt_volumes_free(Cells *cells);

#endif
