#include "volumes_cells.h"

#include <math.h>
#include <string.h>

Grid lowalt_volumes_grid(const Boxes *boxes, double shares, double entries) {
    double x0 = INFINITY, y0 = INFINITY, x1 = -INFINITY, y1 = -INFINITY;
    double widths = 0.0, depths = 0.0, areas = 0.0, count = (double)boxes->count;
    for (Py_ssize_t n = 0; n < boxes->count; n++) {
        const Place *low = boxes->low + n, *high = boxes->high + n;
        x0 = least(x0, low->x), x1 = greatest(x1, high->x);
        y0 = least(y0, low->y), y1 = greatest(y1, high->y);
        double width = high->x - low->x, depth = high->y - low->y;
        widths += width, depths += depth, areas += width * depth;
    }
    double width = greatest(x1 - x0, 1.0), depth = greatest(y1 - y0, 1.0);
    /* A box, wherever it lies, is in 1 + width / side columns on average, and so for rows: on this
     * side all of them are in entries of cells each, but for a few thousand more of them all. */
    double more = (entries - 1.0) * (count + 4096.0), rim = widths + depths;
    double side = (rim + sqrt(rim * rim + 4.0 * more * areas)) / (2.0 * more);
    side = greatest(side, sqrt(width * depth / (shares * count + 1024.0)));
    side = greatest(side, greatest(width, depth) / 4096.0);
    Grid grid = {x0, y0, 1.0 / side, (Py_ssize_t)(width / side) + 1,
                 (Py_ssize_t)(depth / side) + 1};
    return grid;
}

/* Count what each cell holds into begins of the next one, and let them follow one another. */
static void count_members(Cells *c, const Boxes *boxes) {
    size_t cells = (size_t)(c->grid.nx * c->grid.ny);
    for (Py_ssize_t n = 0; n < boxes->count; n++) {
        CellRange r = range_between(&c->grid, boxes->low + n, boxes->high + n);
        for (Py_ssize_t j = r.y0; j <= r.y1; j++)
            for (Py_ssize_t i = r.x0; i <= r.x1; i++) c->begins[j * c->grid.nx + i + 1]++;
    }
    for (size_t k = 0; k < cells; k++) {
        c->blocks[k + 1] = c->blocks[k] + (c->begins[k + 1] + BLOCK - 1) / BLOCK;
        c->begins[k + 1] += c->begins[k];
    }
}

static void enter_members(Cells *c, const Boxes *boxes, Py_ssize_t *next) {
    for (Py_ssize_t m = 0; m < boxes->count; m++) {
        Py_ssize_t n = boxes->by_start[m];
        CellRange r = range_between(&c->grid, boxes->low + n, boxes->high + n);
        for (Py_ssize_t j = r.y0; j <= r.y1; j++)
            for (Py_ssize_t i = r.x0; i <= r.x1; i++) {
                Py_ssize_t k = j * c->grid.nx + i, at = next[k]++;
                double *latest = c->latest + c->blocks[k] + (at - c->begins[k]) / BLOCK;
                c->members[at] = (int32_t)n;
                *latest = greatest(*latest, boxes->high[n].t);
            }
    }
}

int lowalt_volumes_fill(Cells *c, const Boxes *boxes) {
    memset(c, 0, sizeof *c);
    c->grid = lowalt_volumes_grid(boxes, 4.0, 8.0);
    size_t cells = (size_t)(c->grid.nx * c->grid.ny);
    c->begins = calloc(cells + 1, sizeof *c->begins);
    c->blocks = calloc(cells + 1, sizeof *c->blocks);
    if (!c->begins || !c->blocks) return 0;
    count_members(c, boxes);
    c->members = malloc(((size_t)c->begins[cells] + 1) * sizeof *c->members);
    c->latest = malloc(((size_t)c->blocks[cells] + 1) * sizeof *c->latest);
    Py_ssize_t *next = malloc((cells + 1) * sizeof *next);
    int done = c->members && c->latest && next;
    if (done) {
        memcpy(next, c->begins, (cells + 1) * sizeof *next);
        for (Py_ssize_t b = 0; b < c->blocks[cells]; b++) c->latest[b] = -INFINITY;
        enter_members(c, boxes, next);
    }
    free(next);
    return done;
}

void lowalt_volumes_free(Cells *c) {
    free(c->begins);
    free(c->blocks);
    free(c->members);
    free(c->latest);
}
