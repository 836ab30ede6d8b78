/*
 * Confines itself and becomes PROGRAM: confine [HOW...] PROGRAM [ARGUMENT...]
 *
 *   seccomp    a filter that allows everything, and no_new_privs, which it needs
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
        else
            break;
    }
    if (next == argc) return 127;
    execvp(argv[next], argv + next);
    fprintf(stderr, "confine: cannot execute %s: %s\n", argv[next], strerror(errno));
    return 127;
}
