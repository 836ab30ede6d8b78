#include "denied.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A filter of system calls shows only when one is made. Each is made here in a way that does nothing: with
 * descriptors, addresses and flags that there are not. What Node needs itself is not among them, as it says
 * best that it lacks that; nor is what a server can do without. Only who starts a server asks (some 5 us). */
static const struct {
    const char *name;
    long number;
    long arguments[5];
} needed[] = {
    {"ppoll", SYS_ppoll, {0, 0, -1, 0, 0}},
#ifdef SYS_poll
    {"poll", SYS_poll, {0, 0, 0}},
#endif
    {"recvmsg", SYS_recvmsg, {-1, 0, 0}},
    {"sendmsg", SYS_sendmsg, {-1, 0, 0}},
    {"recvfrom", SYS_recvfrom, {-1, 0, 0, 0, 0}},
    {"sendto", SYS_sendto, {-1, 0, 0, 0, 0}},
    {"accept4", SYS_accept4, {-1, 0, 0, -1}},
    {"listen", SYS_listen, {-1, 0}},
    {"getsockname", SYS_getsockname, {-1, 0, 0}},
    {"getsockopt", SYS_getsockopt, {-1, 0, 0, 0, 0}},
    {"setsockopt", SYS_setsockopt, {-1, 0, 0, 0, 0}},
    {"socketpair", SYS_socketpair, {-1, 0, 0, 0}},
    {"signalfd4", SYS_signalfd4, {-1, 0, 0, -1}},
    {"inotify_init1", SYS_inotify_init1, {-1}},
    {"memfd_create", SYS_memfd_create, {0, -1}},
    {"pipe2", SYS_pipe2, {0, -1}},
    {"dup3", SYS_dup3, {-1, -1, 0}},
    {"fchdir", SYS_fchdir, {-1}},
    {"flock", SYS_flock, {-1, 0}},
    {"prlimit64", SYS_prlimit64, {0, -1, 0, 0}},
};

static bool is_denied(size_t i) {
    const long *a = needed[i].arguments;
    return syscall(needed[i].number, a[0], a[1], a[2], a[3], a[4]) < 0 &&
           (errno == EPERM || errno == ENOSYS || errno == EACCES);
}

const char *find_denied(void) {
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (is_denied(i)) return needed[i].name;
    return NULL;
}
