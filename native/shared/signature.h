/* What a signature holds, and when its time stamps prove that a file is unchanged. */
#ifndef PREFORK_SIGNATURE_H
#define PREFORK_SIGNATURE_H

#include "protocol.h"
#include <stdbool.h>
#include <sys/stat.h>
#include <time.h>

static inline struct pfi_signature signature_of(const struct stat *stat) {
    return (struct pfi_signature){
        .device = stat->st_dev,
        .inode = stat->st_ino,
        .size = (uint64_t)stat->st_size,
        .mtime_sec = stat->st_mtim.tv_sec,
        .mtime_nsec = stat->st_mtim.tv_nsec,
        .ctime_sec = stat->st_ctim.tv_sec,
        .ctime_nsec = stat->st_ctim.tv_nsec,
        .mode = stat->st_mode,
    };
}

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
