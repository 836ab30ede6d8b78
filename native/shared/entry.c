#include "entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "world.h"

#define LETTERS "siul"
#define OPEN_TRIES 3

static int open_lock(int directory, const char *name) {
    return openat(directory, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0600);
}

bool entry_clear(int directory, const char *name) {
    struct stat file;
    if (fstatat(directory, name, &file, AT_SYMLINK_NOFOLLOW) != 0) return errno == ENOENT;
    return unlinkat(directory, name, S_ISDIR(file.st_mode) ? AT_REMOVEDIR : 0) == 0;
}

static bool is_in_place(int directory, const char *name, int lock) {
    struct stat opened, named;
    return fstat(lock, &opened) == 0 && fstatat(directory, name, &named, AT_SYMLINK_NOFOLLOW) == 0 &&
           opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
}

int entry_lock(int directory, const char *name) {
    for (int tries = 1;; tries++) {
        struct stat file;
        int lock = open_lock(directory, name);
        if (lock >= 0 && fstat(lock, &file) == 0 && S_ISREG(file.st_mode)) {
            if (flock(lock, LOCK_EX | LOCK_NB) == 0 && is_in_place(directory, name, lock)) return lock;
            int reason = errno;
            bool held = reason == EWOULDBLOCK || is_in_place(directory, name, lock);
            close(lock);
            errno = reason;
            if (held) return -1;
            continue; /* it was removed meanwhile */
        }
        if (lock >= 0) close(lock);
        int reason = lock >= 0 ? EEXIST : errno;
        bool strange =
            reason == EEXIST || reason == EACCES || reason == ELOOP || reason == EISDIR || reason == ENXIO;
        errno = reason;
        if (!strange || tries == OPEN_TRIES) return -1;
        if (!entry_clear(directory, name)) {
            errno = reason;
            return -1;
        }
    }
}

/* Not by closing alone: a child that has not yet closed its copy would hold it. */
void entry_unlock(int lock) {
    flock(lock, LOCK_UN);
    close(lock);
}

/* Nothing is ever written into one. */
static bool is_lock_file(int directory, const char *name) {
    struct stat file;
    return fstatat(directory, name, &file, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(file.st_mode) &&
           file.st_uid == geteuid() && file.st_size == 0;
}

bool entry_is_ours(int directory, const char *name) {
    char lock[sizeof((struct sockaddr_un *)0)->sun_path];
    size_t length = strlen(name);
    if (!strchr(LETTERS, *name) || length < 2 || length >= sizeof lock) return false;
    if (length > IDENT_DIGITS_MIN && length <= 1 + IDENT_DIGITS &&
        strspn(name + 1, "0123456789abcdef") == length - 1)
        return true;
    snprintf(lock, sizeof lock, "l%s", name + 1);
    return is_lock_file(directory, lock);
}

bool entry_remove(int directory, const char *name) {
    struct stat file;
    if (fstatat(directory, name, &file, AT_SYMLINK_NOFOLLOW) != 0) return errno == ENOENT;
    if (*name == 's' ? !S_ISSOCK(file.st_mode) : !S_ISREG(file.st_mode)) return true;
    return unlinkat(directory, name, 0) == 0 || errno == ENOENT;
}

/* A datagram socket cannot connect to a stream socket, and the kernel says so only where one is bound. */
enum presence entry_presence(const struct sockaddr_un *address) {
    int probe = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (probe < 0) return CANNOT_TELL;
    int result = connect(probe, (const struct sockaddr *)address, sizeof *address), reason = errno;
    close(probe);
    if (result == 0 || reason == EPROTOTYPE) return PRESENT;
    return reason == ECONNREFUSED || reason == ENOENT || reason == ENOTSOCK ? ABSENT : CANNOT_TELL;
}
