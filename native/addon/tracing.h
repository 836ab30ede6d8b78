/* What Node tells its tracer, without a tracer: every asynchronous resource that C++ makes, and files that
 * are to be opened on another thread, each told where JavaScript asked for it. */
#ifndef PREFORK_TRACING_H
#define PREFORK_TRACING_H

#include <stdbool.h>
#include <stdint.h>

/* Called on whatever thread it happens. */
struct tracing_listener {
    /* A resource of this type (async_hooks' names) gets this number. */
    void (*made)(const char *type, uint64_t id);
    /* May be in the middle of a garbage collection. */
    void (*destroyed)(const char *type, uint64_t id);
    void (*will_open)(const char *path);
};

/* False where Node lacks something, or is being traced. */
bool tracing_listen(const struct tracing_listener *listener);

void tracing_stop(void);

#endif
