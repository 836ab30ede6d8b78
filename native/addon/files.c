#include "files.h"
#include "openings.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* More would cost every call too much. */
#define READ_MAX 64
#define APPENDED_MAX 64

struct open_file {
    int descriptor;
    dev_t device;
    ino_t inode;
};

static struct {
    struct open_file read[READ_MAX];
    size_t read_count;
    int appended[APPENDED_MAX];
    size_t appended_count;
    char reason[PATH_MAX + OPENING_MAX + 64];
} files;

static bool opens_anew(int descriptor);
static const char *name_of(int descriptor);

static const char *refuse(const char *what, int descriptor) {
    char line[OPENING_MAX];
    if (openings_of_file(descriptor, line, sizeof line))
        snprintf(files.reason, sizeof files.reason, "%s (%s, opened at %s)", what, name_of(descriptor), line);
    else
        snprintf(files.reason, sizeof files.reason, "%s (%s)", what, name_of(descriptor));
    return files.reason;
}

/* One that only appends has no offset that matters: each line goes to the end, whoever writes it. */
static const char *refuse_regular(int descriptor, const struct stat *file, int flags) {
    if ((flags & O_ACCMODE) != O_RDONLY) {
        if (!(flags & O_APPEND)) return refuse("a file is open for writing", descriptor);
        if (files.appended_count < APPENDED_MAX) files.appended[files.appended_count++] = descriptor;
        return NULL;
    }
    if (files.read_count == READ_MAX) return "too many files are open for reading";
    if (!opens_anew(descriptor)) return refuse("a file is open that cannot be opened again", descriptor);
    files.read[files.read_count++] = (struct open_file){descriptor, file->st_dev, file->st_ino};
    return NULL;
}

/* Pipes without a name are Node's own, or belong to a handle of the event loop; so do most sockets, which
 * are named before this is asked. A name is asked for only where it counts: with the launcher's placeholders
 * that would take a third of a millisecond. */
static const char *refuse_one(int descriptor) {
    struct stat here;
    int flags = fcntl(descriptor, F_GETFL);
    if (flags < 0 || flags & O_PATH || fstat(descriptor, &here) < 0) return NULL;
    if (S_ISSOCK(here.st_mode)) return "a socket is open";
    if (S_ISFIFO(here.st_mode) && name_of(descriptor)[0] == '/') return refuse("a pipe is open", descriptor);
    if (S_ISDIR(here.st_mode)) return refuse_regular(descriptor, &here, O_RDONLY);
    if (S_ISREG(here.st_mode) && strncmp(name_of(descriptor), "/memfd:", 7) != 0)
        return refuse_regular(descriptor, &here, flags);
    return NULL;
}

static bool contains(const int *numbers, size_t count, int number) {
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number) return true;
    return false;
}

const char *files_unforkable(const int *ours, size_t count) {
    const char *reason = NULL;
    DIR *all = opendir("/proc/self/fd");
    if (!all) return "/proc/self/fd cannot be read";
    files.read_count = files.appended_count = 0;
    struct dirent *entry;
    while (!reason && (entry = readdir(all))) {
        int descriptor = atoi(entry->d_name);
        if (descriptor <= 2 || descriptor == dirfd(all) || contains(ours, count, descriptor)) continue;
        reason = refuse_one(descriptor);
    }
    closedir(all);
    return reason;
}

void files_hold(struct stale *stale) {
    for (size_t i = 0; i < files.appended_count; i++)
        stale_hold(stale, files.appended[i]);
}

static const char *link_of(int descriptor) {
    static char link[32];
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    return link;
}

static const char *name_of(int descriptor) {
    static char name[PATH_MAX];
    ssize_t length = readlink(link_of(descriptor), name, sizeof name - 1);
    name[length < 0 ? 0 : length] = '\0';
    return name;
}

static int open_anew(int descriptor) {
    return open(link_of(descriptor), O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

static bool opens_anew(int descriptor) {
    int anew = open_anew(descriptor);
    if (anew < 0) return false;
    close(anew);
    return true;
}

/* What another thread had open for a moment (the C library looks into /sys as it makes memory for a new one)
 * was noted as well; its number may have been given to something else since. */
static bool is_open_still(const struct open_file *file) {
    struct stat now;
    return fstat(file->descriptor, &now) == 0 && now.st_dev == file->device && now.st_ino == file->inode;
}

static bool become_private(int descriptor) {
    int flags = fcntl(descriptor, F_GETFD), anew = open_anew(descriptor);
    if (flags < 0 || anew < 0) return false;
    off_t place = lseek(descriptor, 0, SEEK_CUR);
    bool done = (place <= 0 || lseek(anew, place, SEEK_SET) == place) &&
                dup3(anew, descriptor, flags & FD_CLOEXEC ? O_CLOEXEC : 0) == descriptor;
    close(anew);
    return done;
}

const char *files_become_private(void) {
    for (size_t i = 0; i < files.read_count; i++) {
        if (!is_open_still(&files.read[i]) || become_private(files.read[i].descriptor)) continue;
        snprintf(files.reason, sizeof files.reason,
                 "a file that initialisation left open cannot be opened again: %s", strerror(errno));
        return files.reason;
    }
    return NULL;
}
