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

/* The function itself, and then the note. */
#define NOTED(type, name, arguments, note)                                                                   \
    if (!noting()) return REAL(name) arguments;                                                              \
    type result = REAL(name) arguments;                                                                      \
    note;                                                                                                    \
    return result;

#define INTERPOSE(type, name, parameters, arguments, note)                                                   \
    EXPORT type name parameters;                                                                             \
    type name parameters {                                                                                   \
        NOTED(type, name, arguments, note)                                                                   \
    }

/* --- open --- */

static mode_t mode_argument(int flags, va_list *arguments) {
    return flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(*arguments, mode_t) : 0;
}

#define OPEN(name, parameters, arguments, directory)                                                         \
    EXPORT int name parameters {                                                                             \
        va_list rest;                                                                                        \
        va_start(rest, flags);                                                                               \
        mode_t mode = mode_argument(flags, &rest);                                                           \
        va_end(rest);                                                                                        \
        NOTED(int, name, arguments, note_opened(result, directory, path, flags);                             \
              tell_opened(result, path, flags))                                                              \
    }
OPEN(open, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), (path, flags, mode), AT_FDCWD)
OPEN(openat, (int directory, const char *path, int flags, ...), (directory, path, flags, mode), directory)
OPEN(openat64, (int directory, const char *path, int flags, ...), (directory, path, flags, mode), directory)

/* What a fortified program calls. */
#define OPEN_2(name, parameters, arguments, directory)                                                       \
    INTERPOSE(int, name, parameters, arguments, note_opened(result, directory, path, flags);                 \
              tell_opened(result, path, flags))
OPEN_2(__open_2, (const char *path, int flags), (path, flags), AT_FDCWD)
OPEN_2(__open64_2, (const char *path, int flags), (path, flags), AT_FDCWD)
OPEN_2(__openat_2, (int directory, const char *path, int flags), (directory, path, flags), directory)
OPEN_2(__openat64_2, (int directory, const char *path, int flags), (directory, path, flags), directory)

static void note_stream(const FILE *stream, const char *path, const char *mode) {
    bool reading = *mode == 'r', writing = !reading || strchr(mode, '+');

    note_opened(stream ? fileno((FILE *)stream) : -1, AT_FDCWD, path,
                !writing  ? O_RDONLY
                : reading ? O_RDWR
                          : O_WRONLY);
}

INTERPOSE(FILE *, fopen, (const char *path, const char *mode), (path, mode), note_stream(result, path, mode))
INTERPOSE(FILE *, fopen64, (const char *path, const char *mode), (path, mode),
          note_stream(result, path, mode))
INTERPOSE(DIR *, opendir, (const char *path), (path),
          note_opened(result ? dirfd(result) : -1, AT_FDCWD, path, O_RDONLY))

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
    INTERPOSE(int, name, parameters, arguments, note_asked(result, directory, path, found))
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

INTERPOSE(int, statx, (int directory, const char *path, int flags, unsigned mask, struct statx *found),
          (directory, path, flags, mask, found), note_statx(result, directory, path, found))

#define READLINK(name, parameters, arguments, directory)                                                     \
    INTERPOSE(ssize_t, name, parameters, arguments, note_link(result < 0 ? -1 : 0, directory, path))
READLINK(readlink, (const char *path, char *buffer, size_t size), (path, buffer, size), AT_FDCWD)
READLINK(readlinkat, (int directory, const char *path, char *buffer, size_t size),
         (directory, path, buffer, size), directory)
READLINK(__readlink_chk, (const char *path, char *buffer, size_t size, size_t room),
         (path, buffer, size, room), AT_FDCWD)
READLINK(__readlinkat_chk, (int directory, const char *path, char *buffer, size_t size, size_t room),
         (directory, path, buffer, size, room), directory)

#define REALPATH(name, parameters, arguments)                                                                \
    INTERPOSE(char *, name, parameters, arguments, note_way(result, path))
REALPATH(realpath, (const char *path, char *resolved), (path, resolved))
REALPATH(__realpath_chk, (const char *path, char *resolved, size_t room), (path, resolved, room))
REALPATH(canonicalize_file_name, (const char *path), (path))

/* --- changing --- */

#define WROTE(directory, path) note_written(result, directory, path)

INTERPOSE(int, creat, (const char *path, mode_t mode), (path, mode), WROTE(AT_FDCWD, path))
INTERPOSE(int, creat64, (const char *path, mode_t mode), (path, mode), WROTE(AT_FDCWD, path))
INTERPOSE(int, rename, (const char *from, const char *to), (from, to), WROTE(AT_FDCWD, from);
          WROTE(AT_FDCWD, to))
INTERPOSE(int, renameat, (int from_in, const char *from, int to_in, const char *to),
          (from_in, from, to_in, to), WROTE(from_in, from);
          WROTE(to_in, to))
INTERPOSE(int, renameat2, (int from_in, const char *from, int to_in, const char *to, unsigned flags),
          (from_in, from, to_in, to, flags), WROTE(from_in, from);
          WROTE(to_in, to))
INTERPOSE(int, link, (const char *from, const char *to), (from, to), WROTE(AT_FDCWD, to))
INTERPOSE(int, linkat, (int from_in, const char *from, int to_in, const char *to, int flags),
          (from_in, from, to_in, to, flags), WROTE(to_in, to))
INTERPOSE(int, symlink, (const char *target, const char *path), (target, path), WROTE(AT_FDCWD, path))
INTERPOSE(int, symlinkat, (const char *target, int directory, const char *path), (target, directory, path),
          WROTE(directory, path))
INTERPOSE(int, unlink, (const char *path), (path), WROTE(AT_FDCWD, path))
INTERPOSE(int, unlinkat, (int directory, const char *path, int flags), (directory, path, flags),
          WROTE(directory, path))
INTERPOSE(int, remove, (const char *path), (path), WROTE(AT_FDCWD, path))
INTERPOSE(int, rmdir, (const char *path), (path), WROTE(AT_FDCWD, path))
INTERPOSE(int, mkdir, (const char *path, mode_t mode), (path, mode), WROTE(AT_FDCWD, path))
INTERPOSE(int, mkdirat, (int directory, const char *path, mode_t mode), (directory, path, mode),
          WROTE(directory, path))
INTERPOSE(char *, mkdtemp, (char *path), (path), note_written(result ? 0 : -1, AT_FDCWD, path))
INTERPOSE(int, mkstemp, (char *path), (path), WROTE(AT_FDCWD, path))
INTERPOSE(int, mkstemp64, (char *path), (path), WROTE(AT_FDCWD, path))
INTERPOSE(int, mkostemp, (char *path, int flags), (path, flags), WROTE(AT_FDCWD, path))
INTERPOSE(int, mkostemp64, (char *path, int flags), (path, flags), WROTE(AT_FDCWD, path))
INTERPOSE(int, truncate, (const char *path, off_t size), (path, size), WROTE(AT_FDCWD, path))
INTERPOSE(int, truncate64, (const char *path, off64_t size), (path, size), WROTE(AT_FDCWD, path))
INTERPOSE(int, utimes, (const char *path, const struct timeval times[2]), (path, times),
          WROTE(AT_FDCWD, path))
INTERPOSE(int, chmod, (const char *path, mode_t mode), (path, mode), WROTE(AT_FDCWD, path))
INTERPOSE(int, fchmodat, (int directory, const char *path, mode_t mode, int flags),
          (directory, path, mode, flags), WROTE(directory, path))

/* The path may be null here: then the descriptor itself is meant. */
EXPORT int utimensat(int directory, const char *path, const struct timespec times[2], int flags) {
    int result = REAL(utimensat)(directory, path, times, flags);
    if (noting() && !(flags & AT_EMPTY_PATH)) note_written(result, directory, path);
    return result;
}
