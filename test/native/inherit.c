/*
 * Changes something that programs inherit and becomes PROGRAM: inherit HOW PROGRAM [ARGUMENT...]
 *
 *   timer-slack     of a tenth of a second
 *   no-huge-pages   none are made of its memory by themselves
 *   memory-policy   its memory is taken from node 0
 *
 * Ends with 77 where the kernel does not offer that.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#define UNAVAILABLE 77
#define MPOL_BIND 2

static void check(long result, const char *call) {
    if (result >= 0) return;
    fprintf(stderr, "inherit: %s: %s\n", call, strerror(errno));
    exit(UNAVAILABLE);
}

int main(int argc, char **argv) {
    unsigned long nodes = 1;
    if (argc < 3) return 127;
    if (!strcmp(argv[1], "timer-slack"))
        check(prctl(PR_SET_TIMERSLACK, 100000000ul), "prctl(PR_SET_TIMERSLACK)");
    else if (!strcmp(argv[1], "no-huge-pages"))
        check(prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0), "prctl(PR_SET_THP_DISABLE)");
    else if (!strcmp(argv[1], "memory-policy"))
        check(syscall(SYS_set_mempolicy, MPOL_BIND, &nodes, 8 * sizeof nodes), "set_mempolicy");
    else
        return 127;
    execvp(argv[2], argv + 2);
    fprintf(stderr, "inherit: cannot execute %s: %s\n", argv[2], strerror(errno));
    return 127;
}
