/* Whether the insides of two polygons overlap in the plane: the closed form of
 * lowalt/conflicts/volumes/planar.py, which explains it; both give the same answers. */
#include "volumes.h"
#include "volumes_cells.h"

#include <math.h>

typedef struct {
    const double *x, *y;
    const Py_ssize_t *rings, *offsets;
    const Place *low, *high;
} Polygons;

enum { APART = 0, OVERLAP = 1, UNDECIDED = 2 };

/* The side of a point from a line, 0 where rounding leaves it open. */
static inline int side_of(double ax, double ay, double bx, double by, double px, double py) {
    double one = (bx - ax) * (py - ay), other = (by - ay) * (px - ax), turn = one - other;
    double error = 0x1p-51 * (fabs(one) + fabs(other));
    return turn > error ? 1 : turn < -error ? -1 : 0;
}

/* Whether an edge of the first convex polygon has the second on its outer side. */
static int is_parted(const double *x, const double *y, Py_ssize_t size, const double *px,
                     const double *py, Py_ssize_t points) {
    int parted = OVERLAP; /* as far as these edges go */
    for (Py_ssize_t i = 0; i < size; i++) {
        Py_ssize_t j = i + 1 < size ? i + 1 : 0;
        int greatest_side = -1;
        for (Py_ssize_t k = 0; k < points && greatest_side < 1; k++) {
            int side = side_of(x[i], y[i], x[j], y[j], px[k], py[k]);
            if (side > greatest_side) greatest_side = side;
        }
        if (greatest_side < 0) return APART;
        if (greatest_side == 0) parted = UNDECIDED;
    }
    return parted;
}

static int decide_convex(const Polygons *v, Py_ssize_t a, Py_ssize_t b) {
    Py_ssize_t i = v->rings[v->offsets[a]], j = v->rings[v->offsets[b]];
    Py_ssize_t m = v->rings[v->offsets[a] + 1] - i, n = v->rings[v->offsets[b] + 1] - j;
    int one = is_parted(v->x + i, v->y + i, m, v->x + j, v->y + j, n);
    if (one == APART) return APART;
    int other = is_parted(v->x + j, v->y + j, n, v->x + i, v->y + i, m);
    return other == APART ? APART : one == UNDECIDED ? UNDECIDED : other;
}

static int cross(const double *ax, const double *ay, const double *bx, const double *by) {
    int a0 = side_of(bx[0], by[0], bx[1], by[1], ax[0], ay[0]);
    int a1 = side_of(bx[0], by[0], bx[1], by[1], ax[1], ay[1]);
    if (a0 * a1 > 0) return APART;
    int b0 = side_of(ax[0], ay[0], ax[1], ay[1], bx[0], by[0]);
    int b1 = side_of(ax[0], ay[0], ax[1], ay[1], bx[1], by[1]);
    if (b0 * b1 > 0) return APART;
    return a0 && a1 && b0 && b1 ? OVERLAP : UNDECIDED;
}

static int edges_cross(const Polygons *v, const double *ax, const double *ay, Py_ssize_t b) {
    double x0 = least(ax[0], ax[1]), x1 = greatest(ax[0], ax[1]);
    double y0 = least(ay[0], ay[1]), y1 = greatest(ay[0], ay[1]);
    int answer = APART;
    for (Py_ssize_t r = v->offsets[b]; r < v->offsets[b + 1]; r++) {
        Py_ssize_t first = v->rings[r], last = v->rings[r + 1] - 1;
        for (Py_ssize_t i = first; i <= last; i++) {
            Py_ssize_t j = i < last ? i + 1 : first;
            double bx[2] = {v->x[i], v->x[j]}, by[2] = {v->y[i], v->y[j]};
            if (greatest(bx[0], bx[1]) < x0 || least(bx[0], bx[1]) > x1) continue;
            if (greatest(by[0], by[1]) < y0 || least(by[0], by[1]) > y1) continue;
            int crossing = cross(ax, ay, bx, by);
            if (crossing == OVERLAP) return OVERLAP;
            if (crossing == UNDECIDED) answer = UNDECIDED;
        }
    }
    return answer;
}

/* Whether a place lies in a volume's shape, told by the edges that a ray to the east crosses. */
static int holds(const Polygons *v, Py_ssize_t n, double px, double py) {
    int inside = 0;
    for (Py_ssize_t r = v->offsets[n]; r < v->offsets[n + 1]; r++) {
        Py_ssize_t first = v->rings[r], last = v->rings[r + 1] - 1;
        for (Py_ssize_t i = first; i <= last; i++) {
            Py_ssize_t j = i < last ? i + 1 : first;
            if ((v->y[i] > py) == (v->y[j] > py)) continue;
            int side = side_of(v->x[i], v->y[i], v->x[j], v->y[j], px, py);
            if (!side) return UNDECIDED;
            inside ^= (side > 0) == (v->y[j] > v->y[i]);
        }
    }
    return inside ? OVERLAP : APART;
}

static int any_ring_in(const Polygons *v, Py_ssize_t a, Py_ssize_t b) {
    int answer = APART;
    for (Py_ssize_t r = v->offsets[a]; r < v->offsets[a + 1]; r++) {
        int held = holds(v, b, v->x[v->rings[r]], v->y[v->rings[r]]);
        if (held == OVERLAP) return OVERLAP;
        if (held == UNDECIDED) answer = UNDECIDED;
    }
    return answer;
}

static int decide_dented(const Polygons *v, Py_ssize_t a, Py_ssize_t b) {
    int answer = APART;
    for (Py_ssize_t r = v->offsets[a]; r < v->offsets[a + 1]; r++) {
        Py_ssize_t first = v->rings[r], last = v->rings[r + 1] - 1;
        for (Py_ssize_t i = first; i <= last; i++) {
            Py_ssize_t j = i < last ? i + 1 : first;
            double ax[2] = {v->x[i], v->x[j]}, ay[2] = {v->y[i], v->y[j]};
            if (greatest(ax[0], ax[1]) < v->low[b].x || least(ax[0], ax[1]) > v->high[b].x ||
                greatest(ay[0], ay[1]) < v->low[b].y || least(ay[0], ay[1]) > v->high[b].y)
                continue;
            int crossing = edges_cross(v, ax, ay, b);
            if (crossing == OVERLAP) return OVERLAP;
            if (crossing == UNDECIDED) answer = UNDECIDED;
        }
    }
    if (answer == UNDECIDED) return UNDECIDED;
    int one = any_ring_in(v, a, b);
    if (one == OVERLAP) return OVERLAP;
    int other = any_ring_in(v, b, a);
    return other == OVERLAP ? OVERLAP : one == UNDECIDED ? UNDECIDED : other;
}

/* volume_decide(one, other, x, y, rings, offsets, low, high, is_convex, answers): for each pair
 * whether the insides of two polygons overlap, into answers. */
PyObject *lowalt_volumes_decide(PyObject *self, PyObject *args) {
    Py_buffer b[10];
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*y*y*y*w*", b, b + 1, b + 2, b + 3, b + 4, b + 5, b + 6,
                          b + 7, b + 8, b + 9))
        return NULL;
    const Py_ssize_t *one = b[0].buf, *other = b[1].buf;
    Polygons v = {b[2].buf, b[3].buf, b[4].buf, b[5].buf, b[6].buf, b[7].buf};
    const char *is_convex = b[8].buf;
    uint8_t *answers = b[9].buf;
    Py_BEGIN_ALLOW_THREADS
    for (Py_ssize_t k = 0; k < b[9].len; k++)
        answers[k] = (uint8_t)(is_convex[one[k]] && is_convex[other[k]]
                                   ? decide_convex(&v, one[k], other[k])
                                   : decide_dented(&v, one[k], other[k]));
    Py_END_ALLOW_THREADS
    release(b, 10);
    Py_RETURN_NONE;
}
