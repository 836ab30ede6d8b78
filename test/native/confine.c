/*
 * Confines itself and becomes PROGRAM: confine [HOW...] PROGRAM [ARGUMENT...]
 *
 *   seccomp    a filter that allows everything, and no_new_privs, which it needs
 *   deny:CALL:ERRNO   a filter that lets a system call fail, EPERM or ENOSYS; and no_new_privs
 *   landlock   a domain in which no block device can be made, and no_new_privs
 *
 * Ends with 77 where the kernel does not offer that.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define UNAVAILABLE 77
/* <linux/landlock.h> of an older system may lack them. */
#define LANDLOCK_CREATE_RULESET 444
#define LANDLOCK_RESTRICT_SELF 446
#define LANDLOCK_MAKE_BLOCK (1ull << 11)

static void check(long result, const char *call) {
    if (result >= 0) return;
    fprintf(stderr, "confine: %s: %s\n", call, strerror(errno));
    exit(UNAVAILABLE);
}

static void add_filter(void) {
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {.len = 1, .filter = &allow};
    check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "prctl(PR_SET_SECCOMP)");
}

static const struct {
    const char *name;
    unsigned number;
} calls[] = {
#define CALL(name)                                                                                           \
    { #name, SYS_##name }
    CALL(accept4),
    CALL(close_range),
    CALL(dup3),
    CALL(eventfd2),
    CALL(fchdir),
    CALL(flock),
    CALL(getcwd),
    CALL(getgroups),
    CALL(getsockname),
    CALL(getsockopt),
    CALL(inotify_init1),
    CALL(kcmp),
    CALL(memfd_create),
    CALL(pipe2),
    CALL(poll),
    CALL(ppoll),
    CALL(prctl),
    CALL(prlimit64),
    CALL(process_vm_readv),
    CALL(recvfrom),
    CALL(recvmsg),
    CALL(sched_getattr),
    CALL(sendmsg),
    CALL(sendto),
    CALL(setrlimit),
    CALL(setsid),
    CALL(setsockopt),
    CALL(signalfd4),
    CALL(socket),
    CALL(socketpair),
    CALL(statx),
    CALL(umask),
    CALL(uname),
    CALL(getrlimit),
    CALL(personality),
    CALL(getpriority),
    CALL(sysinfo),
    CALL(listen),
    CALL(bind),
    CALL(connect),
    CALL(utimensat),
    CALL(renameat),
    CALL(unlinkat),
    CALL(setpgid),
    CALL(get_mempolicy),
    CALL(ioprio_get),
    CALL(capget),
    CALL(timerfd_create),
    CALL(vfork),
    CALL(sendfile),
    CALL(mkdir),
    CALL(fstatfs),
    CALL(getsid),
    CALL(waitid),
#undef CALL
};

static void deny(char *what) {
    char *name = strtok(what, ":"), *reason = strtok(NULL, ":");
    int error = reason && !strcmp(reason, "ENOSYS") ? ENOSYS : EPERM;
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        if (strcmp(calls[i].name, name) != 0) continue;
        struct sock_filter steps[] = {
            BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* the number of the call */
            BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[i].number, 0, 1),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | (unsigned)error),
            BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
        };
        struct sock_fprog program = {.len = 4, .filter = steps};
        check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program), "prctl(PR_SET_SECCOMP)");
        return;
    }
    fprintf(stderr, "confine: no such call: %s\n", name);
    exit(127);
}

static void add_domain(void) {
    uint64_t handled = LANDLOCK_MAKE_BLOCK;
    int rules = (int)syscall(LANDLOCK_CREATE_RULESET, &handled, sizeof handled, 0);
    check(rules, "landlock_create_ruleset");
    check(syscall(LANDLOCK_RESTRICT_SELF, rules, 0), "landlock_restrict_self");
    close(rules);
}

int main(int argc, char **argv) {
    int next = 1;
    check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "prctl(PR_SET_NO_NEW_PRIVS)");
    for (; next < argc; next++) {
        if (!strcmp(argv[next], "seccomp"))
            add_filter();
        else if (!strcmp(argv[next], "landlock"))
            add_domain();
        else if (!strncmp(argv[next], "deny:", strlen("deny:")))
            deny(argv[next] + strlen("deny:"));
        else
            break;
    }
    if (next == argc) return 127;
    execvp(argv[next], argv + next);
    fprintf(stderr, "confine: cannot execute %s: %s\n", argv[next], strerror(errno));
    return 127;
}
