#include "marker.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "news.h"
#include "plain.h"
#include "rundir.h"
#include "wire.h"

#define UNFORKABLE "unforkable 1"
#define CHANGED_ONCE "changed 1" /* a server's word to the next one */
#define CHANGED_TWICE "changing 1"
#define SIZE_MAX_MARKER (8 << 20)

/* The whole file as text, or null: a marker that cannot be read is none. Some reasons pass (a request that
 * was in flight in that moment), and to try costs hardly more than a plain run: the word is kept only so long
 * that callers who wait do not all try one after the other. */
static char *read_marker(const struct call *call) {
    struct stat file;
    char *text = NULL;
    int fd = openat(call->directory_fd, entry_name(call, 'u').text,
                    O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0) return NULL;
    if (fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && file.st_uid == geteuid() &&
        file.st_size <= SIZE_MAX_MARKER && is_recent(&file))
        text = calloc((size_t)file.st_size + 1, 1);
    if (text && file.st_size > 0 && read_whole(fd, text, (size_t)file.st_size) != file.st_size)
        text[0] = '\0';
    close(fd);
    return text;
}

/* DEVICE INODE SIZE MTIME_SEC MTIME_NSEC CTIME_SEC CTIME_NSEC PATH */
static bool is_unchanged(const char *line) {
    uintmax_t device, inode;
    intmax_t size, times[4];
    int path = 0;
    struct stat file;
    int read = sscanf(line, "%ju %ju %jd %jd %jd %jd %jd %n", &device, &inode, &size, &times[0], &times[1],
                      &times[2], &times[3], &path);
    if (read != 7 || !path || stat(line + path, &file) != 0) return false;
    return file.st_dev == device && file.st_ino == inode && file.st_size == size &&
           file.st_mtim.tv_sec == times[0] && file.st_mtim.tv_nsec == times[1] &&
           file.st_ctim.tv_sec == times[2] && file.st_ctim.tv_nsec == times[3];
}

/* The reason if the marker holds, of which this is what follows the first line. A marker without files would
 * hold for ever: it does not count. */
static const char *read_reason(char *rest) {
    const char *reason = strsep(&rest, "\n"), *line;
    bool any = false;
    while (reason && (line = strsep(&rest, "\n"))) {
        if (!*line) continue;
        if (!is_unchanged(line)) return NULL;
        any = true;
    }
    return any ? reason : NULL;
}

void check_marker(struct call *call) {
    char *text = read_marker(call);
    if (!text) return;
    char *rest = text;
    const char *first = strsep(&rest, "\n");
    bool unforkable = !strcmp(first, UNFORKABLE);
    const char *reason = unforkable || !strcmp(first, CHANGED_TWICE) ? read_reason(rest) : NULL;
    if (reason) run_plainly(call, unforkable ? CANNOT_BE_FORKED : "%s", reason);
    if (strcmp(first, CHANGED_ONCE) != 0) remove_entry(call, 'u');
    free(text);
}
