/* The process that watches the socket's path for the server. */
#ifndef LAUNCHER_WATCHER_H
#define LAUNCHER_WATCHER_H

#include <sys/stat.h>

#include "call.h"

struct watcher {
    int input;  /* WATCHI: write end of its stdin */
    int errors; /* WATCHE: read end of its stderr, non-blocking */
};

/* Starts it for a socket that is bound. False with errno: it could not be started. */
bool start_watcher(const struct call *call, const struct stat *socket, struct watcher *watcher);

#endif
