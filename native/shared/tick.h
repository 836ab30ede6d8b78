/* When a time stamp proves that a file is unchanged. */
#ifndef PREFORK_TICK_H
#define PREFORK_TICK_H

#include "protocol.h"
#include <stdbool.h>
#include <time.h>

/*
 * Only once the clock the stamps are taken from has gone on: until then a further change gets the same stamp.
 * That clock moves every 1 to 10 ms, whole seconds in stamps mean a file system that keeps one or two
 * seconds, and a stamp from the future can be given no second time.
 */
static inline bool tick_has_passed(const struct pfi_signature *signature) {
    struct timespec now;

    if (clock_gettime(CLOCK_REALTIME_COARSE, &now) < 0) return false;
    if (!signature->ctime_nsec && !signature->mtime_nsec)
        return signature->ctime_sec < now.tv_sec - 2 || signature->ctime_sec > now.tv_sec + 2;
    if (signature->ctime_sec > now.tv_sec + 1) return true;
    return signature->ctime_sec < now.tv_sec ||
           (signature->ctime_sec == now.tv_sec && signature->ctime_nsec < now.tv_nsec);
}

#endif
