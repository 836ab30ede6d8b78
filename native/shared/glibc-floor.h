/*
 * Included before everything else in what is loaded into Node's process (the addon, the observer): a linker
 * on a newer glibc would bind these functions to versions that an older one does not have. glibc 2.34 merged
 * libpthread and libdl into libc and gave each function a version of that day; the older ones still lead to
 * the same code. Node's own binaries need GLIBC_2.28, so no less is asked for here. native/check-glibc.sh
 * finds what is missing in this list. It can go when Node's floor is 2.34.
 */
#ifndef PREFORK_GLIBC_FLOOR_H
#define PREFORK_GLIBC_FLOOR_H

#if defined(__linux__) && !defined(__ASSEMBLER__)
#include <features.h>
#if defined(__GLIBC__) && (defined(__x86_64__) || defined(__aarch64__))

#if defined(__x86_64__)
#define GLIBC_FIRST "GLIBC_2.2.5"
#define GLIBC_CLOCKS "GLIBC_2.3.3"
#else
#define GLIBC_FIRST "GLIBC_2.17"
#define GLIBC_CLOCKS "GLIBC_2.17"
#endif

/* A directive for a name that a file does not use has no effect. */
#define BIND(name, version) __asm__(".symver " #name "," #name "@" version)

BIND(dladdr, GLIBC_FIRST);
BIND(dlclose, GLIBC_FIRST);
BIND(dlerror, GLIBC_FIRST);
BIND(dlopen, GLIBC_FIRST);
BIND(dlsym, GLIBC_FIRST);
BIND(dlvsym, GLIBC_FIRST);
BIND(pthread_attr_setstacksize, GLIBC_FIRST);
BIND(pthread_condattr_setclock, GLIBC_CLOCKS);
BIND(pthread_create, GLIBC_FIRST);
BIND(pthread_detach, GLIBC_FIRST);
BIND(pthread_getspecific, GLIBC_FIRST);
BIND(pthread_join, GLIBC_FIRST);
BIND(pthread_key_create, GLIBC_FIRST);
BIND(pthread_mutex_trylock, GLIBC_FIRST);
BIND(pthread_once, GLIBC_FIRST);
BIND(pthread_rwlock_rdlock, GLIBC_FIRST);
BIND(pthread_rwlock_unlock, GLIBC_FIRST);
BIND(pthread_rwlock_wrlock, GLIBC_FIRST);
BIND(pthread_setspecific, GLIBC_FIRST);
BIND(pthread_sigmask, GLIBC_FIRST);

/* Before glibc 2.33 stat and its kin were no functions but wrappers in a header. The kernel fills the same
 * structure. */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
static inline int pfi_fstat(int descriptor, struct stat *status) {
    return (int)syscall(SYS_newfstatat, descriptor, "", status, AT_EMPTY_PATH);
}
static inline int pfi_lstat(const char *path, struct stat *status) {
    return (int)syscall(SYS_newfstatat, AT_FDCWD, path, status, AT_SYMLINK_NOFOLLOW);
}
static inline int pfi_stat(const char *path, struct stat *status) {
    return (int)syscall(SYS_newfstatat, AT_FDCWD, path, status, 0);
}
static inline int pfi_fstatat(int directory, const char *path, struct stat *status, int flags) {
    return (int)syscall(SYS_newfstatat, directory, path, status, flags);
}
#define stat(path, status) pfi_stat(path, status)
#define fstatat(directory, path, status, flags) pfi_fstatat(directory, path, status, flags)
#define fstat(descriptor, status) pfi_fstat(descriptor, status)
#define lstat(path, status) pfi_lstat(path, status)

#undef BIND
#undef GLIBC_FIRST
#undef GLIBC_CLOCKS

#endif
#endif
#endif
