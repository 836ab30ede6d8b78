#include "border.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define KCMP_FILES 2

/* Landlock can be noticed by what it forbids only: to look into a process that is not in the same domain or
 * one below it. kcmp(2) is the cheapest look there is (1.6 microseconds where getppid takes 0.3). Where a
 * seccomp filter forbids it (Docker's does) the next cheapest tells (3.4). Who looks into nobody, as the
 * other's interpreter is unreadable or has capabilities, is told apart by the owner of the other's folder in
 * /proc. This can go when the kernel tells a process of its domain. */
bool is_outside_of_sandbox(pid_t other) {
    char path[64], target[16];
    struct stat folder;
    if (other <= 0) return false;
    if (syscall(SYS_kcmp, getpid(), other, KCMP_FILES, 0, 0) >= 0 || errno != EPERM) return false;
    snprintf(path, sizeof path, "/proc/%d/exe", (int)other);
    if (readlink(path, target, sizeof target) >= 0 || errno != EACCES) return false;
    snprintf(path, sizeof path, "/proc/%d", (int)other);
    return stat(path, &folder) == 0 && folder.st_uid == geteuid();
}
