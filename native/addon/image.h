/* Where a program or library lies in memory. */
#ifndef PREFORK_IMAGE_H
#define PREFORK_IMAGE_H

#include <stdbool.h>
#include <stdint.h>

struct image {
    uintptr_t start, end;
    uintptr_t data, data_end; /* its variables */
};

/* The one that holds a function or variable. */
bool image_of(const void *address, struct image *image);

#endif
