#include "marker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool marker_write(const struct stale *stale, const char *path, const char *reason) {
    char temporary[PATH_MAX];
    if (snprintf(temporary, sizeof temporary, "%s.new", path) >= (int)sizeof temporary) return false;
    int descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (descriptor < 0) return false;
    FILE *file = fdopen(descriptor, "w");
    if (!file) {
        close(descriptor);
        return false;
    }
    fprintf(file, "unforkable 1\n%.*s\n", (int)strcspn(reason, "\n"), reason);
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
