#include "signals.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

static void watch_child(struct signals *signals) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    if (sigaction(SIGCHLD, &action, &signals->child_before) != 0)
        die("cannot set SIGCHLD: %s", strerror(errno));
    signals->child_changed = true;
}

void catch_signals(struct signals *signals, bool with_child) {
    sigset_t set, all;
    sigfillset(&all);
    set = all;
    if (with_child)
        watch_child(signals);
    else
        sigdelset(&set, SIGCHLD);
    if (signals->fd < 0 && sigprocmask(SIG_SETMASK, &all, &signals->mask_before) != 0)
        die("cannot block signals: %s", strerror(errno));
    int fd = signalfd(signals->fd, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) die("cannot make a descriptor for signals: %s", strerror(errno));
    signals->fd = fd;
}

void release_signals(struct signals *signals) {
    if (signals->child_changed) sigaction(SIGCHLD, &signals->child_before, NULL);
    signals->child_changed = false;
    if (signals->fd < 0) return;
    sigprocmask(SIG_SETMASK, &signals->mask_before, NULL);
    close(signals->fd);
    signals->fd = -1;
}

bool take_signal(const struct signals *signals, struct caught *caught) {
    struct signalfd_siginfo info;
    ssize_t n;
    do {
        n = read(signals->fd, &info, sizeof info);
    } while (n < 0 && errno == EINTR);
    if (n != sizeof info) return false;
    caught->number = (int)info.ssi_signo;
    caught->from_terminal = info.ssi_code == SI_KERNEL;
    return true;
}

static void set_blocked(int number, bool blocked) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    sigprocmask(blocked ? SIG_BLOCK : SIG_UNBLOCK, &set, NULL);
}

/* The SIGCONT that woke us is still pending where all are blocked: whoever calls tells of it himself. */
static void drop_continue(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCONT);
    sigtimedwait(&set, NULL, &(struct timespec){0});
}

void stop_self(int number) {
    struct sigaction stop = {.sa_handler = SIG_DFL}, before;
    bool changed = number != SIGSTOP && sigaction(number, &stop, &before) == 0;
    raise(number);
    set_blocked(number, false); /* here we stand still */
    set_blocked(number, true);
    if (changed) sigaction(number, &before, NULL);
    drop_continue();
}
