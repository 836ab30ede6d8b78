/* Functions that take the name of a file. In Node they are reached through libuv; native code and other
 * libraries call them all. */
#include "real.h"

#include "notes.h"
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

_Static_assert(sizeof(struct stat) == sizeof(struct stat64), "one signature function serves both");

/* --- open --- */

static mode_t mode_argument(int flags, va_list *arguments) {
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(*arguments, mode_t) : 0;
}

#define OPEN(name)                                                                                           \
    EXPORT int name(const char *path, int flags, ...) {                                                      \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        mode_t mode = mode_argument(flags, &arguments);                                                      \
        va_end(arguments);                                                                                   \
        if (!noting()) return REAL(name)(path, flags, mode);                                                 \
        int fd = REAL(name)(path, flags, mode);                                                              \
        note_opened(fd, AT_FDCWD, path, flags);                                                              \
        return fd;                                                                                           \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                                         \
    EXPORT int name(int directory, const char *path, int flags, ...) {                                       \
        va_list arguments;                                                                                   \
        va_start(arguments, flags);                                                                          \
        mode_t mode = mode_argument(flags, &arguments);                                                      \
        va_end(arguments);                                                                                   \
        if (!noting()) return REAL(name)(directory, path, flags, mode);                                      \
        int fd = REAL(name)(directory, path, flags, mode);                                                   \
        note_opened(fd, directory, path, flags);                                                             \
        return fd;                                                                                           \
    }
OPENAT(openat)
OPENAT(openat64)

/* What a fortified program calls. */
#define OPEN_2(name)                                                                                         \
    EXPORT int name(const char *path, int flags);                                                            \
    int name(const char *path, int flags) {                                                                  \
        if (!noting()) return REAL(name)(path, flags);                                                       \
        int fd = REAL(name)(path, flags);                                                                    \
        note_opened(fd, AT_FDCWD, path, flags);                                                              \
        return fd;                                                                                           \
    }
OPEN_2(__open_2)
OPEN_2(__open64_2)

#define OPENAT_2(name)                                                                                       \
    EXPORT int name(int directory, const char *path, int flags);                                             \
    int name(int directory, const char *path, int flags) {                                                   \
        if (!noting()) return REAL(name)(directory, path, flags);                                            \
        int fd = REAL(name)(directory, path, flags);                                                         \
        note_opened(fd, directory, path, flags);                                                             \
        return fd;                                                                                           \
    }
OPENAT_2(__openat_2)
OPENAT_2(__openat64_2)

#define FOPEN(name)                                                                                          \
    EXPORT FILE *name(const char *path, const char *mode) {                                                  \
        if (!noting()) return REAL(name)(path, mode);                                                        \
        FILE *file = REAL(name)(path, mode);                                                                 \
        note_opened(file ? fileno(file) : -1, AT_FDCWD, path,                                                \
                    *mode == 'r' && !strchr(mode, '+') ? O_RDONLY : O_RDWR);                                 \
        return file;                                                                                         \
    }
FOPEN(fopen)
FOPEN(fopen64)

EXPORT DIR *opendir(const char *path) {
    if (!noting()) return REAL(opendir)(path);
    DIR *directory = REAL(opendir)(path);
    note_opened(directory ? dirfd(directory) : -1, AT_FDCWD, path, O_RDONLY);
    return directory;
}

#define SCANDIR(name, entry, filter_type, compare_type)                                                      \
    EXPORT int name(const char *path, struct entry ***list, filter_type filter, compare_type compare) {      \
        if (!noting()) return REAL(name)(path, list, filter, compare);                                       \
        struct pfi_signature signature;                                                                      \
        bool known = sign_directory(AT_FDCWD, path, &signature);                                             \
        int count = REAL(name)(path, list, filter, compare);                                                 \
        if (count >= 0 && known)                                                                             \
            note_listed(AT_FDCWD, path, &signature);                                                         \
        else                                                                                                 \
            note_opened(-1, AT_FDCWD, path, O_RDONLY);                                                       \
        return count;                                                                                        \
    }
SCANDIR(scandir, dirent, filter_function, compare_function)
SCANDIR(scandir64, dirent64, filter64_function, compare64_function)

/* --- asking --- */

#define ASK(name, parameters, arguments, directory, path, found)                                             \
    EXPORT int name parameters;                                                                              \
    int name parameters {                                                                                    \
        if (!noting()) return REAL(name) arguments;                                                          \
        int result = REAL(name) arguments;                                                                   \
        note_asked(result, directory, path, found);                                                          \
        return result;                                                                                       \
    }
ASK(access, (const char *path, int mode), (path, mode), AT_FDCWD, path, NULL)
ASK(euidaccess, (const char *path, int mode), (path, mode), AT_FDCWD, path, NULL)
ASK(eaccess, (const char *path, int mode), (path, mode), AT_FDCWD, path, NULL)
ASK(faccessat, (int directory, const char *path, int mode, int flags), (directory, path, mode, flags),
    directory, path, NULL)
ASK(stat, (const char *path, struct stat *found), (path, found), AT_FDCWD, path, found)
ASK(lstat, (const char *path, struct stat *found), (path, found), AT_FDCWD, path, found)
ASK(stat64, (const char *path, struct stat64 *found), (path, found), AT_FDCWD, path, (struct stat *)found)
ASK(lstat64, (const char *path, struct stat64 *found), (path, found), AT_FDCWD, path, (struct stat *)found)
ASK(fstatat, (int directory, const char *path, struct stat *found, int flags),
    (directory, path, found, flags), directory, path, found)
ASK(fstatat64, (int directory, const char *path, struct stat64 *found, int flags),
    (directory, path, found, flags), directory, path, (struct stat *)found)
/* The names before glibc 2.33. */
ASK(__xstat, (int version, const char *path, struct stat *found), (version, path, found), AT_FDCWD, path,
    found)
ASK(__lxstat, (int version, const char *path, struct stat *found), (version, path, found), AT_FDCWD, path,
    found)
ASK(__xstat64, (int version, const char *path, struct stat64 *found), (version, path, found), AT_FDCWD, path,
    (struct stat *)found)
ASK(__lxstat64, (int version, const char *path, struct stat64 *found), (version, path, found), AT_FDCWD, path,
    (struct stat *)found)
ASK(__fxstatat, (int version, int directory, const char *path, struct stat *found, int flags),
    (version, directory, path, found, flags), directory, path, found)
ASK(__fxstatat64, (int version, int directory, const char *path, struct stat64 *found, int flags),
    (version, directory, path, found, flags), directory, path, (struct stat *)found)

EXPORT int statx(int directory, const char *path, int flags, unsigned mask, struct statx *found) {
    if (!noting()) return REAL(statx)(directory, path, flags, mask, found);
    int result = REAL(statx)(directory, path, flags, mask, found);
    note_statx(result, directory, path, found);
    return result;
}

#define READLINK(name, parameters, arguments, directory)                                                     \
    EXPORT ssize_t name parameters;                                                                          \
    ssize_t name parameters {                                                                                \
        if (!noting()) return REAL(name) arguments;                                                          \
        ssize_t result = REAL(name) arguments;                                                               \
        note_link(result < 0 ? -1 : 0, directory, path);                                                     \
        return result;                                                                                       \
    }
READLINK(readlink, (const char *path, char *buffer, size_t size), (path, buffer, size), AT_FDCWD)
READLINK(readlinkat, (int directory, const char *path, char *buffer, size_t size),
         (directory, path, buffer, size), directory)
READLINK(__readlink_chk, (const char *path, char *buffer, size_t size, size_t room),
         (path, buffer, size, room), AT_FDCWD)
READLINK(__readlinkat_chk, (int directory, const char *path, char *buffer, size_t size, size_t room),
         (directory, path, buffer, size, room), directory)

#define REALPATH(name, parameters, arguments)                                                                \
    EXPORT char *name parameters;                                                                            \
    char *name parameters {                                                                                  \
        if (!noting()) return REAL(name) arguments;                                                          \
        char *result = REAL(name) arguments;                                                                 \
        note_way(result, path);                                                                              \
        return result;                                                                                       \
    }
REALPATH(realpath, (const char *path, char *resolved), (path, resolved))
REALPATH(__realpath_chk, (const char *path, char *resolved, size_t room), (path, resolved, room))
REALPATH(canonicalize_file_name, (const char *path), (path))

/* --- changing --- */

#define CHANGE(type, name, parameters, arguments, noted)                                                     \
    EXPORT type name parameters;                                                                             \
    type name parameters {                                                                                   \
        if (!noting()) return REAL(name) arguments;                                                          \
        type result = REAL(name) arguments;                                                                  \
        noted;                                                                                               \
        return result;                                                                                       \
    }
#define WROTE(directory, path) note_written(result, directory, path)

CHANGE(int, creat, (const char *path, mode_t mode), (path, mode), WROTE(AT_FDCWD, path))
CHANGE(int, creat64, (const char *path, mode_t mode), (path, mode), WROTE(AT_FDCWD, path))
CHANGE(int, rename, (const char *from, const char *to), (from, to), WROTE(AT_FDCWD, from);
       WROTE(AT_FDCWD, to))
CHANGE(int, renameat, (int from_in, const char *from, int to_in, const char *to), (from_in, from, to_in, to),
       WROTE(from_in, from);
       WROTE(to_in, to))
CHANGE(int, renameat2, (int from_in, const char *from, int to_in, const char *to, unsigned flags),
       (from_in, from, to_in, to, flags), WROTE(from_in, from);
       WROTE(to_in, to))
CHANGE(int, link, (const char *from, const char *to), (from, to), WROTE(AT_FDCWD, to))
CHANGE(int, linkat, (int from_in, const char *from, int to_in, const char *to, int flags),
       (from_in, from, to_in, to, flags), WROTE(to_in, to))
CHANGE(int, symlink, (const char *target, const char *path), (target, path), WROTE(AT_FDCWD, path))
CHANGE(int, symlinkat, (const char *target, int directory, const char *path), (target, directory, path),
       WROTE(directory, path))
CHANGE(int, unlink, (const char *path), (path), WROTE(AT_FDCWD, path))
CHANGE(int, unlinkat, (int directory, const char *path, int flags), (directory, path, flags),
       WROTE(directory, path))
CHANGE(int, remove, (const char *path), (path), WROTE(AT_FDCWD, path))
CHANGE(int, rmdir, (const char *path), (path), WROTE(AT_FDCWD, path))
CHANGE(int, mkdir, (const char *path, mode_t mode), (path, mode), WROTE(AT_FDCWD, path))
CHANGE(int, mkdirat, (int directory, const char *path, mode_t mode), (directory, path, mode),
       WROTE(directory, path))
CHANGE(char *, mkdtemp, (char *path), (path), note_written(result ? 0 : -1, AT_FDCWD, path))
CHANGE(int, mkstemp, (char *path), (path), WROTE(AT_FDCWD, path))
CHANGE(int, mkstemp64, (char *path), (path), WROTE(AT_FDCWD, path))
CHANGE(int, mkostemp, (char *path, int flags), (path, flags), WROTE(AT_FDCWD, path))
CHANGE(int, mkostemp64, (char *path, int flags), (path, flags), WROTE(AT_FDCWD, path))
CHANGE(int, truncate, (const char *path, off_t size), (path, size), WROTE(AT_FDCWD, path))
CHANGE(int, truncate64, (const char *path, off64_t size), (path, size), WROTE(AT_FDCWD, path))
CHANGE(int, utimes, (const char *path, const struct timeval times[2]), (path, times), WROTE(AT_FDCWD, path))
CHANGE(int, chmod, (const char *path, mode_t mode), (path, mode), WROTE(AT_FDCWD, path))
CHANGE(int, fchmodat, (int directory, const char *path, mode_t mode, int flags),
       (directory, path, mode, flags), WROTE(directory, path))

/* The path may be null here: then the descriptor itself is meant. */
EXPORT int utimensat(int directory, const char *path, const struct timespec times[2], int flags) {
    int result = REAL(utimensat)(directory, path, times, flags);
    if (noting() && !(flags & AT_EMPTY_PATH)) note_written(result, directory, path);
    return result;
}
