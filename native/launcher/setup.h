/* Setup: the script, started to run its initialisation. */
#ifndef LAUNCHER_SETUP_H
#define LAUNCHER_SETUP_H

#include <time.h>

#include "call.h"
#include "watcher.h"

/* What setup is given; closed here once it has it. */
struct gifts {
    int listening;
    int call;
    struct watcher watcher;
    struct timespec bound; /* the socket's modification time */
};

/* Starts it. The result is its pid. When that fails the reason is in errno: -1. */
pid_t start_setup(struct call *call, const struct gifts *gifts);

#endif
