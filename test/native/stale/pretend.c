/* Stands between the store and libc (the linker's --wrap): file systems, limits and clocks that are not here.
 */
#include "driver.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#define NFS 0x6969

static char network[PATH_MAX]; /* all below this is on a network file system */
static int watches_left = INT_MAX;
static bool no_instance;
static bool whole_seconds;
static int asked_server;
static int watched_descriptor = -1;
static void (*after_events)(void);

int __real_statfs(const char *path, struct statfs *found);
int __wrap_statfs(const char *path, struct statfs *found);
int __real_inotify_init1(int flags);
int __wrap_inotify_init1(int flags);
int __real_inotify_add_watch(int instance, const char *path, uint32_t mask);
int __wrap_inotify_add_watch(int instance, const char *path, uint32_t mask);
long __real_syscall(long number, ...);
long __wrap_syscall(long number, ...);
ssize_t __real_read(int fd, void *buffer, size_t size);
ssize_t __wrap_read(int fd, void *buffer, size_t size);

bool pretends(const char *word, char *path) {
    if (!strcmp(word, "network"))
        strncpy(network, path, sizeof network - 1);
    else if (!strcmp(word, "watches"))
        watches_left = atoi(path);
    else if (!strcmp(word, "no-instance"))
        no_instance = true;
    else if (!strcmp(word, "whole-seconds"))
        whole_seconds = true;
    else
        return false;
    return true;
}

int pretend_asked_server(void) {
    return asked_server;
}

void pretend_after_events(int descriptor, void (*act)(void)) {
    watched_descriptor = descriptor;
    after_events = act;
}

static bool is_on_network(const char *path) {
    return *network && !strncmp(path, network, strlen(network));
}

/* The device is that of the rest: the store asks once a device, so all of it seems to be on the network. */
int __wrap_statfs(const char *path, struct statfs *found) {
    int result = __real_statfs(path, found);

    if (*network) found->f_type = NFS;
    return result;
}

int __wrap_inotify_init1(int flags) {
    if (!no_instance) return __real_inotify_init1(flags);
    errno = EMFILE;
    return -1;
}

/* What others do on a network file system raises no event: there, something is watched that has none. */
int __wrap_inotify_add_watch(int instance, const char *path, uint32_t mask) {
    if (watches_left-- > 0)
        return __real_inotify_add_watch(instance, is_on_network(path) ? "/proc" : path, mask);
    errno = ENOSPC;
    return -1;
}

/* The moment in which the server has taken the events and has not judged yet. */
ssize_t __wrap_read(int fd, void *buffer, size_t size) {
    ssize_t got = __real_read(fd, buffer, size);

    if (fd == watched_descriptor && got < 0 && errno == EAGAIN && after_events) {
        after_events();
        after_events = NULL;
        errno = EAGAIN;
    }
    return got;
}

long __wrap_syscall(long number, ...) {
    long argument[6], result;
    va_list arguments;

    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        argument[i] = va_arg(arguments, long);
    va_end(arguments);
    result =
        __real_syscall(number, argument[0], argument[1], argument[2], argument[3], argument[4], argument[5]);
    if (number == SYS_statx && argument[2] & AT_STATX_FORCE_SYNC) asked_server++;
    if (number == SYS_newfstatat && !result && whole_seconds) {
        struct stat *found = (struct stat *)argument[2];

        found->st_mtim.tv_nsec = found->st_ctim.tv_nsec = 0;
    }
    return result;
}
