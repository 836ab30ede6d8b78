#include "signals.h"

#include <errno.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "say.h"

static void watch_child(struct signals *signals) {
    struct sigaction action = {.sa_handler = SIG_DFL};
    if (sigaction(SIGCHLD, &action, &signals->child_before) != 0)
        die("cannot set SIGCHLD: %s", strerror(errno));
    signals->child_changed = true;
}

/* The kernel's own call: libc's functions leave out the signals that it keeps for its threads (ours has
 * none), and musl keeps others than the glibc of Node. */
static void change_mask(uint64_t mask, uint64_t *before) {
    if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, &mask, before, sizeof mask) != 0)
        die("cannot set the signal mask: %s", strerror(errno));
}

static uint64_t bit_of(int number) {
    return UINT64_C(1) << (number - 1);
}

void let_through(int number) {
    change_mask(~bit_of(number), NULL);
}

void block_all(void) {
    change_mask(~UINT64_C(0), NULL);
}

void ignore_too_large(struct signals *signals) {
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    signals->too_large_ignored = sigaction(SIGXFSZ, &ignore, &signals->too_large_before) == 0;
}

/* The descriptor comes first: what is pending by the time of the mask is there to be read as well. */
bool catch_signals(struct signals *signals, bool with_child) {
    sigset_t set;
    memset(&set, 0xff, sizeof set);
    int fd = signalfd(signals->fd, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (fd < 0) return false;
    if (with_child) watch_child(signals);
    if (signals->fd < 0) change_mask(~UINT64_C(0), &signals->mask_before);
    signals->fd = fd;
    return true;
}

void release_signals(struct signals *signals) {
    if (signals->child_changed) sigaction(SIGCHLD, &signals->child_before, NULL);
    signals->child_changed = false;
    if (signals->fd < 0) return;
    change_mask(signals->mask_before, NULL);
    close(signals->fd);
    signals->fd = -1;
}

/* In this order: what our own writes have made pending is dropped while it is ignored. */
void give_signals_back(struct signals *signals) {
    release_signals(signals);
    if (signals->too_large_ignored) sigaction(SIGXFSZ, &signals->too_large_before, NULL);
    signals->too_large_ignored = false;
}

/* Not sent, but of a child: of ours, or of one that whoever executed us had. */
static bool tells_of_child(const struct signalfd_siginfo *info) {
    return info->ssi_signo == SIGCHLD && info->ssi_code > 0;
}

/* Of a write of ours, as ignore_too_large expects it: a blocked signal comes though it is ignored. */
static bool is_ours(const struct signalfd_siginfo *info) {
    return info->ssi_signo == SIGXFSZ && (pid_t)info->ssi_pid == getpid();
}

bool take_signal(const struct signals *signals, struct caught *caught) {
    struct signalfd_siginfo info;
    ssize_t n;
    do {
        n = read(signals->fd, &info, sizeof info);
    } while ((n < 0 && errno == EINTR) || (n == sizeof info && (tells_of_child(&info) || is_ours(&info))));
    if (n != sizeof info) return false;
    caught->number = (int)info.ssi_signo;
    caught->from_terminal = info.ssi_code == SI_KERNEL;
    return true;
}
