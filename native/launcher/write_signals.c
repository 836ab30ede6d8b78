#include "write_signals.h"

#include <errno.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define BIT(number) (UINT64_C(1) << ((number)-1))

/* The kernel's own call, as in signals.c. If it fails there is nobody to tell: this is how lines are written.
 */
static uint64_t change_mask(int how, uint64_t mask) {
    uint64_t before = 0;
    syscall(SYS_rt_sigprocmask, how, &mask, &before, sizeof mask);
    return before;
}

uint64_t hold_write_signals(void) {
    return change_mask(SIG_BLOCK, BIT(SIGPIPE) | BIT(SIGXFSZ));
}

void release_write_signals(uint64_t before, bool failed) {
    int reason = errno;
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    sigaddset(&set, SIGXFSZ);
    while (failed && sigtimedwait(&set, NULL, &(struct timespec){0}) > 0)
        continue;
    change_mask(SIG_SETMASK, before);
    errno = reason;
}
