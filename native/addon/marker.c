#include "marker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/un.h>
#include <unistd.h>

#define UNFORKABLE "unforkable 1"
#define CHANGED_ONCE "changed 1" /* counts for the next server only */
#define CHANGED_TWICE "changing 1"

static char marker[sizeof((struct sockaddr_un *)0)->sun_path];

static bool write_marker(const struct stale *stale, const char *path, const char *first, const char *reason) {
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary) return false;
    int descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return false;
    FILE *file = fdopen(descriptor, "w");
    if (!file) {
        close(descriptor);
        return false;
    }
    fprintf(file, "%s\n%.*s\n", first, (int)strcspn(reason, "\n"), reason);
    const char *name;
    const struct pfi_signature *s;
    for (size_t i = 0; (s = stale_file(stale, i, &name)); i++) {
        /* A name with a newline cannot stand in a line: better tried again at every call than never. */
        if (strchr(name, '\n')) continue;
        fprintf(file,
                "%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 " %s\n",
                s->device, s->inode, s->size, s->mtime_sec, s->mtime_nsec, s->ctime_sec, s->ctime_nsec, name);
    }
    bool whole = !ferror(file);
    whole = fclose(file) == 0 && whole;
    return whole && rename(temporary, path) == 0;
}

bool marker_write(const struct stale *stale, const char *path, const char *reason) {
    return write_marker(stale, path, UNFORKABLE, reason);
}

void marker_open(const char *socket) {
    const char *slash = socket ? strrchr(socket, '/') : NULL;
    if (!slash || slash[1] != 's' || strlen(socket) >= sizeof marker) return;
    strcpy(marker, socket);
    marker[slash + 1 - socket] = 'u';
}

/* What the server before this one left. */
static bool changed_before(void) {
    char first[sizeof CHANGED_ONCE];
    int descriptor = open(marker, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (descriptor < 0) return false;
    bool changed = read(descriptor, first, sizeof first) == sizeof first &&
                   memcmp(first, CHANGED_ONCE "\n", sizeof first) == 0;
    close(descriptor);
    return changed;
}

void marker_note_leaving(const struct stale *stale, const char *own) {
    char reason[PATH_MAX + 128];
    if (!marker[0]) return;
    bool before = changed_before();
    if (!own) {
        if (before) unlink(marker);
        return;
    }
    snprintf(reason, sizeof reason, "its initialisation writes %s, which has changed since, twice running",
             own);
    write_marker(stale, marker, before ? CHANGED_TWICE : CHANGED_ONCE, reason);
}
