/* The descriptors that the caller gave us. */
#ifndef LAUNCHER_DESCRIPTORS_H
#define LAUNCHER_DESCRIPTORS_H

#include <stddef.h>

#include "protocol.h"

#define DESCRIPTORS_LOOKED_AT 1024
/* 0, 1, 2 and the current directory travel as well. */
#define EXTRA_DESCRIPTORS_MAX (PFI_DESCRIPTORS_MAX - 4)

struct descriptors {
    int extra[DESCRIPTORS_LOOKED_AT]; /* open above 2, ascending */
    size_t extra_count;
};

/* Opens 0 to 2 on /dev/null where they are closed, as Node does, and notes which others are open. To be
 * called before anything is opened. */
void find_descriptors(struct descriptors *descriptors, size_t soft_limit);

#endif
