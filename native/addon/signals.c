#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

static sigset_t mask_of_script;
static struct sigaction action_of_script[NSIG];
static bool known[NSIG];
static int wake = -1;

void signals_block(void) {
    sigset_t all;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &mask_of_script);
}

/* A handler, not a signalfd: SIGCHLD goes to any thread that does not block it, and Node's workers do not. */
static void on_child(int number) {
    int before = errno;
    uint64_t one = 1;
    (void)number;
    if (write(wake, &one, sizeof one) < 0) errno = before;
    errno = before;
}

void signals_put_away(int wake_descriptor) {
    wake = wake_descriptor;
    for (int s = 1; s < NSIG; s++) {
        known[s] = sigaction(s, NULL, &action_of_script[s]) == 0;
        /* The C library keeps two for itself (32 and 33), and sigaction refuses them. */
        if (!known[s] || s == SIGKILL || s == SIGSTOP) continue;
        struct sigaction plain = {.sa_handler = SIG_DFL};
        if (s == SIGPIPE) plain.sa_handler = SIG_IGN;
        if (s == SIGCHLD) {
            plain.sa_handler = on_child;
            plain.sa_flags = SA_RESTART | SA_NOCLDSTOP;
        }
        /* Crash signals stay as they are: V8 and the sanitizers handle SIGSEGV for their own ends. */
        if (s == SIGSEGV || s == SIGBUS || s == SIGILL || s == SIGFPE || s == SIGTRAP || s == SIGABRT)
            continue;
        sigaction(s, &plain, NULL);
    }
}

int signals_poll(struct pollfd *events, nfds_t count, int milliseconds) {
    sigset_t all_but_child;
    struct timespec limit = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
    sigfillset(&all_but_child);
    sigdelset(&all_but_child, SIGCHLD);
    return ppoll(events, count, milliseconds < 0 ? NULL : &limit, &all_but_child);
}

void signals_restore_actions(void) {
    for (int s = 1; s < NSIG; s++) {
        if (known[s] && s != SIGKILL && s != SIGSTOP) sigaction(s, &action_of_script[s], NULL);
    }
}

void signals_restore_mask(void) {
    pthread_sigmask(SIG_SETMASK, &mask_of_script, NULL);
}
