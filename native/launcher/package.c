#include "package.h"

#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libc.h"

#if defined(__x86_64__)
#define MACHINE "linux-x64"
#elif defined(__aarch64__)
#define MACHINE "linux-arm64"
#else
#error "a name for this machine is needed, as in process.arch of Node"
#endif

#define SELF "/proc/self/exe"
#define INSTALLED "lib/prefork-interp"
#define WATCHER "dist/watcher/main.js"

/* Where the launcher lies. */
struct place {
    char directory[PATH_MAX];
    char above[PATH_MAX];
    bool in_package;
};

static bool cut_last(char *path) {
    char *slash = strrchr(path, '/');
    if (!slash) return false;
    *slash = '\0';
    return true;
}

/* Only a directory that is named as in the package counts as one: elsewhere, what lies two directories above
 * is not ours. */
static bool find_place(struct place *place) {
    ssize_t length = readlink(SELF, place->directory, sizeof place->directory - 1);
    if (length <= 0) return false;
    place->directory[length] = '\0';
    if (!cut_last(place->directory)) return false;
    memcpy(place->above, place->directory, sizeof place->above);
    cut_last(place->above);
    const char *name = strrchr(place->above, '/');
    place->in_package = name && strcmp(name, "/prebuilds") == 0;
    return true;
}

static bool is_there(const char *path, int length, size_t room) {
    return length > 0 && (size_t)length < room && access(path, R_OK) == 0;
}

static bool find_built(enum libc libc, const char *name, char *path, size_t room) {
    struct place place;
    if (!find_place(&place)) return false;
    const char *machine = libc == LIBC_MUSL ? MACHINE "-musl" : MACHINE;
    int length;
    if (!place.in_package)
        length = snprintf(path, room, "%s/" INSTALLED "/prebuilds/%s%s", place.above, machine, name);
    else if (strcmp(machine, MACHINE) == 0)
        length = snprintf(path, room, "%s%s", place.directory, name);
    else
        length = snprintf(path, room, "%s/%s%s", place.above, machine, name);
    return is_there(path, length, room);
}

bool find_observer(const char *interpreter, char *path, size_t room) {
    enum libc libc = libc_of(interpreter);
    snprintf(path, room, "observer.so");
    return libc != LIBC_NONE_OF_OURS && find_built(libc, "/observer.so", path, room);
}

bool is_built_for(const char *interpreter) {
    char path[PATH_MAX];
    enum libc libc = libc_of(interpreter);
    return libc == LIBC_GLIBC || (libc == LIBC_MUSL && find_built(libc, "", path, sizeof path));
}

static bool is_trusted_owner(uid_t owner) {
    struct stat self;
    return owner == 0 || owner == geteuid() || (stat(SELF, &self) == 0 && owner == self.st_uid);
}

/* A note that `prefork install` leaves: the path of the package. It leads to a program that is run, so it
 * must not be another user's, nor one that others can write to. */
static bool read_pointer(const char *pointer, char *package, size_t room) {
    struct stat file;
    int fd = open(pointer, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0) return false;
    bool trusted = fstat(fd, &file) == 0 && S_ISREG(file.st_mode) && is_trusted_owner(file.st_uid) &&
                   (file.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    ssize_t length = trusted ? read(fd, package, room - 1) : -1;
    close(fd);
    if (length <= 0) return false;
    package[length] = '\0';
    package[strcspn(package, "\n")] = '\0';
    return package[0] == '/';
}

static bool find_pointed_watcher(const struct place *place, char *path, size_t room) {
    char pointer[PATH_MAX], package[PATH_MAX];
    struct stat file;
    int length = snprintf(pointer, sizeof pointer, "%s/" INSTALLED "/package", place->above);
    if (!is_there(pointer, length, sizeof pointer)) return false;
    if (!read_pointer(pointer, package, sizeof package)) return false;
    length = snprintf(path, room, "%s/" WATCHER, package);
    return is_there(path, length, room) && stat(path, &file) == 0 && is_trusted_owner(file.st_uid);
}

bool find_watcher(char *path, size_t room) {
    struct place place;
    if (!find_place(&place)) return false;
    if (place.in_package) {
        cut_last(place.above);
        return is_there(path, snprintf(path, room, "%s/" WATCHER, place.above), room);
    }
    if (is_there(path, snprintf(path, room, "%s/" INSTALLED "/" WATCHER, place.above), room)) return true;
    return find_pointed_watcher(&place, path, room);
}
