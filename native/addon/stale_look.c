/* Looking at files: by their stamps, and inside. */
#include "signature.h"
#include "stale_store.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A change of ctime alone is rare. To read more than this because of one takes longer than to start anew. */
#define CONTENT_MAX (8u << 20)

uint64_t hash_bytes(uint64_t seed, const void *data, size_t size) {
    const unsigned char *byte = data;
    uint64_t hash = seed ^ (size * 0x9e3779b97f4a7c15u);
    uint64_t word;

    for (; size >= sizeof word; byte += sizeof word, size -= sizeof word) {
        memcpy(&word, byte, sizeof word);
        hash = (hash ^ word) * 0xd6e8feb86659fd93u;
        hash ^= hash >> 32;
    }
    word = 0;
    memcpy(&word, byte, size);
    hash = (hash ^ word) * 0xd6e8feb86659fd93u;
    hash = (hash ^ hash >> 29) * 0x94d049bb133111ebu;
    return hash ^ hash >> 32;
}

/* By system call: libc's stat has been there under this name only since glibc 2.33. */
static bool look_at(int directory, const char *path, int flags, struct pfi_signature *signature) {
    struct stat stat;

    if (syscall(SYS_newfstatat, directory, path, &stat, flags) < 0) return false;
    *signature = signature_of(&stat);
    return true;
}

bool look(const char *path, bool follow, struct pfi_signature *signature) {
    return look_at(AT_FDCWD, path, follow ? 0 : AT_SYMLINK_NOFOLLOW, signature);
}

bool look_afresh(const char *path, bool follow, struct pfi_signature *signature) {
    int flags = AT_STATX_FORCE_SYNC | (follow ? 0 : AT_SYMLINK_NOFOLLOW);
    struct statx ignored;

    if (syscall(SYS_statx, AT_FDCWD, path, flags, STATX_BASIC_STATS, &ignored) < 0 && errno != ENOSYS &&
        errno != EPERM)
        return false;
    return look(path, follow, signature);
}

static bool look_descriptor(int fd, struct pfi_signature *signature) {
    return look_at(fd, "", AT_EMPTY_PATH, signature);
}

bool same_stamps(const struct pfi_signature *a, const struct pfi_signature *b) {
    return a->device == b->device && a->inode == b->inode && a->size == b->size &&
           a->mtime_sec == b->mtime_sec && a->mtime_nsec == b->mtime_nsec && a->ctime_sec == b->ctime_sec &&
           a->ctime_nsec == b->ctime_nsec;
}

static bool read_file(int fd, uint64_t *content) {
    char buffer[32768];
    size_t total = 0;
    ssize_t got;

    *content = 1;
    while ((got = pread(fd, buffer, sizeof buffer, (off_t)total)) > 0) {
        *content = hash_bytes(*content, buffer, (size_t)got);
        total += (size_t)got;
        if (total > CONTENT_MAX) return false;
    }
    return got == 0;
}

/* The order of a listing means nothing, so the names are added up. */
static bool read_names(DIR *directory, uint64_t *content) {
    struct dirent *entry;

    *content = 1;
    for (errno = 0; (entry = readdir(directory)); errno = 0)
        *content += hash_bytes(2, entry->d_name, strlen(entry->d_name));
    return !errno;
}

static bool look_inside_link(const char *path, uint64_t *content, struct pfi_signature *signature) {
    struct pfi_signature after;
    char target[PATH_MAX];
    ssize_t length;

    if (!look(path, false, signature)) return false;
    length = readlink(path, target, sizeof target);
    if (length < 0 || !look(path, false, &after) || !same_stamps(signature, &after)) return false;
    *content = hash_bytes(3, target, (size_t)length);
    return true;
}

static bool look_inside_directory(const char *path, uint64_t *content, struct pfi_signature *signature) {
    DIR *directory = opendir(path);
    struct pfi_signature after;
    bool read;

    if (!directory) return false;
    read = look_descriptor(dirfd(directory), signature) && read_names(directory, content) &&
           look_descriptor(dirfd(directory), &after) && same_stamps(signature, &after);
    closedir(directory);
    return read;
}

static bool look_inside_file(const char *path, uint64_t *content, struct pfi_signature *signature) {
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct pfi_signature after;
    bool read;

    if (fd < 0) return false;
    read = look_descriptor(fd, signature) && S_ISREG(signature->mode) && signature->size <= CONTENT_MAX &&
           read_file(fd, content) && look_descriptor(fd, &after) && same_stamps(signature, &after);
    close(fd);
    return read;
}

bool look_inside(const char *path, enum entry_kind kind, uint64_t *content, struct pfi_signature *signature) {
    if (kind == ENTRY_LINK) return look_inside_link(path, content, signature);
    if (kind == ENTRY_LISTING) return look_inside_directory(path, content, signature);
    return look_inside_file(path, content, signature);
}
