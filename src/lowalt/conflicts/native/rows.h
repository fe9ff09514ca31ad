/* A growing array of encounters that Python can see without a copy. */
#ifndef LOWALT_ROWS_H
#define LOWALT_ROWS_H

#include "encounter.h"

typedef struct {
    Encounter *row;
    int64_t count, capacity;
} Rows;

/* Room for one more, or NULL where memory has run out. */
Encounter *lowalt_rows_next(Rows *rows);

#endif
