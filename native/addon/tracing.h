/* What Node tells its tracer, without a tracer: every asynchronous resource that C++ makes, and files that it
 * opens, each told where JavaScript asked for it. */
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
    /* Another thread is going to. */
    void (*will_open)(const char *path);
    /* This one does, from true to false. */
    void (*opening)(bool begins);
};

/* False where Node lacks something, or is being traced. */
bool tracing_listen(const struct tracing_listener *listener);

void tracing_stop(void);

#endif
