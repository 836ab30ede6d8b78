/* The functions behind the interposed ones. */
#ifndef PREFORK_OBSERVER_REAL_H
#define PREFORK_OBSERVER_REAL_H

/* The checked inlines of a fortified build would stand in the way of defining these functions. */
#undef _FORTIFY_SOURCE

#include <dirent.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

/* The observer defines it itself, so it needs none from shared/glibc-floor.h. */
#undef lstat
#undef stat
#undef fstatat

#define REAL_FUNCTIONS(X)                                                                                    \
    X(int, open, (const char *, int, ...))                                                                   \
    X(int, open64, (const char *, int, ...))                                                                 \
    X(int, openat, (int, const char *, int, ...))                                                            \
    X(int, openat64, (int, const char *, int, ...))                                                          \
    X(int, __open_2, (const char *, int))                                                                    \
    X(int, __open64_2, (const char *, int))                                                                  \
    X(int, __openat_2, (int, const char *, int))                                                             \
    X(int, __openat64_2, (int, const char *, int))                                                           \
    X(int, creat, (const char *, mode_t))                                                                    \
    X(int, creat64, (const char *, mode_t))                                                                  \
    X(FILE *, fopen, (const char *, const char *))                                                           \
    X(FILE *, fopen64, (const char *, const char *))                                                         \
    X(DIR *, opendir, (const char *))                                                                        \
    X(int, scandir, (const char *, struct dirent ***, filter_function, compare_function))                    \
    X(int, scandir64, (const char *, struct dirent64 ***, filter64_function, compare64_function))            \
    X(int, access, (const char *, int))                                                                      \
    X(int, faccessat, (int, const char *, int, int))                                                         \
    X(int, euidaccess, (const char *, int))                                                                  \
    X(int, eaccess, (const char *, int))                                                                     \
    X(int, stat, (const char *, struct stat *))                                                              \
    X(int, stat64, (const char *, struct stat64 *))                                                          \
    X(int, lstat, (const char *, struct stat *))                                                             \
    X(int, lstat64, (const char *, struct stat64 *))                                                         \
    X(int, fstatat, (int, const char *, struct stat *, int))                                                 \
    X(int, fstatat64, (int, const char *, struct stat64 *, int))                                             \
    X(int, __xstat, (int, const char *, struct stat *))                                                      \
    X(int, __xstat64, (int, const char *, struct stat64 *))                                                  \
    X(int, __lxstat, (int, const char *, struct stat *))                                                     \
    X(int, __lxstat64, (int, const char *, struct stat64 *))                                                 \
    X(int, __fxstatat, (int, int, const char *, struct stat *, int))                                         \
    X(int, __fxstatat64, (int, int, const char *, struct stat64 *, int))                                     \
    X(int, statx, (int, const char *, int, unsigned, struct statx *))                                        \
    X(ssize_t, readlink, (const char *, char *, size_t))                                                     \
    X(ssize_t, readlinkat, (int, const char *, char *, size_t))                                              \
    X(ssize_t, __readlink_chk, (const char *, char *, size_t, size_t))                                       \
    X(ssize_t, __readlinkat_chk, (int, const char *, char *, size_t, size_t))                                \
    X(char *, realpath, (const char *, char *))                                                              \
    X(char *, __realpath_chk, (const char *, char *, size_t))                                                \
    X(char *, canonicalize_file_name, (const char *))                                                        \
    X(int, rename, (const char *, const char *))                                                             \
    X(int, renameat, (int, const char *, int, const char *))                                                 \
    X(int, renameat2, (int, const char *, int, const char *, unsigned))                                      \
    X(int, link, (const char *, const char *))                                                               \
    X(int, linkat, (int, const char *, int, const char *, int))                                              \
    X(int, symlink, (const char *, const char *))                                                            \
    X(int, symlinkat, (const char *, int, const char *))                                                     \
    X(int, unlink, (const char *))                                                                           \
    X(int, unlinkat, (int, const char *, int))                                                               \
    X(int, remove, (const char *))                                                                           \
    X(int, rmdir, (const char *))                                                                            \
    X(int, mkdir, (const char *, mode_t))                                                                    \
    X(int, mkdirat, (int, const char *, mode_t))                                                             \
    X(char *, mkdtemp, (char *))                                                                             \
    X(int, mkstemp, (char *))                                                                                \
    X(int, mkstemp64, (char *))                                                                              \
    X(int, mkostemp, (char *, int))                                                                          \
    X(int, mkostemp64, (char *, int))                                                                        \
    X(int, truncate, (const char *, off_t))                                                                  \
    X(int, truncate64, (const char *, off64_t))                                                              \
    X(int, utimensat, (int, const char *, const struct timespec *, int))                                     \
    X(int, utimes, (const char *, const struct timeval *))                                                   \
    X(int, chmod, (const char *, mode_t))                                                                    \
    X(int, fchmodat, (int, const char *, mode_t, int))                                                       \
    X(long, syscall, (long, ...))                                                                            \
    X(char *, getenv, (const char *))                                                                        \
    X(char *, secure_getenv, (const char *))                                                                 \
    X(int, unsetenv, (const char *))                                                                         \
    X(char *, getcwd, (char *, size_t))                                                                      \
    X(char *, __getcwd_chk, (char *, size_t, size_t))                                                        \
    X(char *, get_current_dir_name, (void))                                                                  \
    X(mode_t, umask, (mode_t))                                                                               \
    X(int, isatty, (int))                                                                                    \
    X(pid_t, fork, (void))                                                                                   \
    X(int, execvp, (const char *, char *const *))                                                            \
    X(int, execv, (const char *, char *const *))                                                             \
    X(int, execve, (const char *, char *const *, char *const *))                                             \
    X(int, execvpe, (const char *, char *const *, char *const *))                                            \
    X(int, fexecve, (int, char *const *, char *const *))                                                     \
    X(int, posix_spawnp,                                                                                     \
      (pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, char *const *,  \
       char *const *))

typedef int (*filter_function)(const struct dirent *);
typedef int (*compare_function)(const struct dirent **, const struct dirent **);
typedef int (*filter64_function)(const struct dirent64 *);
typedef int (*compare64_function)(const struct dirent64 **, const struct dirent64 **);

struct real_functions {
#define REAL_MEMBER(result, name, parameters) result(*name) parameters;
    REAL_FUNCTIONS(REAL_MEMBER)
#undef REAL_MEMBER
};
extern struct real_functions real;

/* Once from the constructor; earlier when another library's constructor opens a file before ours has run. */
void real_resolve(void);

#define REAL(name) (__builtin_expect(!real.name, 0) ? (real_resolve(), real.name) : real.name)

#endif
