/* The inotify instance: making it, and judging what it tells. */
#include "stale_nodes.h"
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define INSTANCE_NUMBER_MIN 64
#define DRAIN_READS 64

static int make_instance(void) {
    int low = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    int high;

    if (low < 0) return -1;
    high = fcntl(low, F_DUPFD_CLOEXEC, INSTANCE_NUMBER_MIN);
    close(low);
    return high;
}

bool stale_note_socket(struct stale *stale, const char *path) {
    struct pfi_signature now = {0};

    stale->socket = strdup(path);
    if (!stale->socket) return false;
    if (look(path, false, &now)) {
        stale->socket_device = now.device;
        stale->socket_inode = now.inode;
    }
    return true;
}

bool stale_watch(struct stale *stale) {
    stale->watching = calloc(1, sizeof *stale->watching);
    if (!stale->watching) return false;
    stale->instance = make_instance();
    if (stale->instance >= 0) watch_all(stale);
    stale_verify(stale, NULL);
    return true;
}

int stale_descriptor(const struct stale *stale) {
    return stale->instance;
}

/* --- events --- */

enum concern { CONCERN_NONE, CONCERN_CONTENT, CONCERN_WAYS };

static enum concern concern_of(const struct watching *watching, const struct inotify_event *event) {
    if (event->len && table_get(&watching->names, hash_name(event->wd, event->name), NULL))
        return CONCERN_WAYS;
    if (event->len)
        return table_get(&watching->listings, hash_descriptor(event->wd), NULL) ? CONCERN_CONTENT
                                                                                : CONCERN_NONE;
    if (event->mask & IN_ATTRIB)
        return table_get(&watching->presence, hash_descriptor(event->wd), NULL) ? CONCERN_WAYS
                                                                                : CONCERN_CONTENT;
    return event->mask & (IN_MODIFY | IN_CLOSE_WRITE) ? CONCERN_CONTENT : CONCERN_WAYS;
}

/* Takes away what is pending, or as much of it as a server has time for: the rest stays pending. */
static enum concern read_events(struct stale *stale) {
    char buffer[16384] __attribute__((aligned(__alignof__(struct inotify_event))));
    enum concern highest = CONCERN_NONE;

    for (int i = 0; i < DRAIN_READS; i++) {
        ssize_t got = read(stale->instance, buffer, sizeof buffer);

        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        for (char *at = buffer; at < buffer + got;) {
            const struct inotify_event *event = (const struct inotify_event *)(const void *)at;
            enum concern concern = concern_of(stale->watching, event);

            highest = concern > highest ? concern : highest;
            at += sizeof *event + event->len;
        }
    }
    return highest;
}

static bool has_polled(const struct stale *stale) {
    for (size_t i = 0; i < stale->count; i++)
        if (stale->entries[i].polled) return true;
    return false;
}

/* The flag before the events are taken, the watches before everything is compared: each in this order. */
enum stale_verdict stale_drain(struct stale *stale, const char **path) {
    uint32_t before = atomic_fetch_or(&stale->shared->flags, SHARED_DRAINING);
    enum concern concern = stale->instance < 0 ? CONCERN_CONTENT : read_events(stale);

    if (concern == CONCERN_WAYS) watch_all(stale);
    if (stale->verdict == STALE_FRESH &&
        (concern != CONCERN_NONE || before & SHARED_STALE || has_polled(stale)))
        stale_verify(stale, NULL);
    if (stale->verdict == STALE_CHANGED)
        stale_set(stale);
    else
        atomic_fetch_and(&stale->shared->flags, ~SHARED_DRAINING);
    return stale_verdict(stale, path);
}
