#include "running.h"

#include <stdint.h>
#include <stdlib.h>

#include "monotonic.h"

struct running_call {
    pid_t monitor, executor;
    int64_t begun_ms;
};

static struct {
    struct running_call *calls;
    size_t count, room;
} running;

void running_add(pid_t monitor, pid_t executor) {
    if (running.count == running.room) {
        size_t room = running.room ? running.room * 2 : 64;
        struct running_call *more = realloc(running.calls, room * sizeof *more);
        if (!more) return;
        running.calls = more;
        running.room = room;
    }
    running.calls[running.count++] = (struct running_call){monitor, executor, monotonic_ms()};
}

pid_t running_forget(pid_t monitor) {
    for (size_t i = 0; i < running.count; i++) {
        if (running.calls[i].monitor != monitor) continue;
        pid_t executor = running.calls[i].executor;
        running.calls[i] = running.calls[--running.count];
        return executor;
    }
    return 0;
}

size_t running_count(void) {
    return running.count;
}

size_t running_young(int milliseconds) {
    int64_t since_ms = monotonic_ms() - milliseconds;
    size_t young = 0;
    for (size_t i = 0; i < running.count; i++)
        young += running.calls[i].begun_ms >= since_ms;
    return young;
}
