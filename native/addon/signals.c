#include "signals.h"

#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>
#include <unistd.h>

static sigset_t mask_of_script;
static struct sigaction action_of_script[NSIG];
static bool known[NSIG];
static int wake = -1;

/* What is meant for the first call, whichever process it reaches. */
static struct {
    pid_t client;
    _Atomic pid_t executor;
    _Atomic uint64_t came; /* and is not passed on yet: a bit for each number */
} first;

static bool is_of_crash(int number) {
    return number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE ||
           number == SIGTRAP || number == SIGABRT;
}

/* A handler, not a signalfd: SIGCHLD goes to any thread that does not block it, and Node's workers do not. */
static void on_child(int number) {
    int before = errno;
    uint64_t one = 1;
    (void)number;
    if (write(wake, &one, sizeof one) < 0) errno = before;
    errno = before;
}

static uint64_t bit_of(int number) {
    return UINT64_C(1) << (number - 1);
}

static void send_all(pid_t to, uint64_t numbers) {
    for (int s = 1; s < NSIG; s++)
        if (numbers & bit_of(s)) kill(to, s);
}

/* Whoever notes one looks for the executor afterwards, whoever finds the executor looks for notes afterwards:
 * none is missed, and the exchange gives each to one of them. */
static void pass_on(void) {
    pid_t executor = atomic_load(&first.executor);
    if (executor) send_all(executor, atomic_exchange(&first.came, 0));
}

void signals_came(int number) {
    atomic_fetch_or(&first.came, bit_of(number));
    pass_on();
}

/* As long as the process has not left the caller's session, whatever comes is meant for the script. Then only
 * what the client sends is, which is our parent as long as it waits for the greeting: a later process that
 * has its number is not. */
static bool is_for_call(const siginfo_t *info) {
    if (getsid(0) != getpid()) return true;
    return first.client && info->si_code <= 0 && info->si_pid == first.client && getppid() == first.client;
}

/* Runs on one of Node's workers, as the main thread blocks all. What is not for the call is for the server,
 * and does what it would do without us. */
static void on_signal(int number, siginfo_t *info, void *unused) {
    int before = errno;
    (void)unused;
    if (is_for_call(info)) {
        signals_came(number);
    } else {
        struct sigaction plain = {.sa_handler = SIG_DFL};
        sigaction(number, &plain, NULL);
        kill(getpid(), number);
    }
    errno = before;
}

static struct sigaction action_of_server(int number) {
    struct sigaction action = {.sa_flags = SA_RESTART};
    if (number == SIGPIPE || number == SIGXFSZ) { /* as Node has them: a write fails, and that is all */
        action.sa_handler = SIG_IGN;
    } else if (number == SIGCHLD) {
        action.sa_handler = on_child;
        action.sa_flags |= SA_NOCLDSTOP;
    } else {
        action.sa_sigaction = on_signal;
        action.sa_flags |= SA_SIGINFO;
    }
    return action;
}

/* First the handlers: what comes between the two is not to meet those of the script. */
void signals_put_away(pid_t client) {
    sigset_t all;
    first.client = client;
    for (int s = 1; s < NSIG; s++) {
        known[s] = sigaction(s, NULL, &action_of_script[s]) == 0;
        /* The C library keeps two for itself (32 and 33), and sigaction refuses them. Crash signals stay as
         * they are: V8 and the sanitizers handle SIGSEGV for their own ends. */
        if (!known[s] || s == SIGKILL || s == SIGSTOP || is_of_crash(s)) continue;
        struct sigaction action = action_of_server(s);
        sigaction(s, &action, NULL);
    }
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &mask_of_script);
}

void signals_pass_to(pid_t executor) {
    pid_t none = 0;
    if (atomic_compare_exchange_strong(&first.executor, &none, executor)) pass_on();
}

void signals_tell_children(int wake_descriptor) {
    wake = wake_descriptor;
}

int signals_poll(struct pollfd *events, nfds_t count, int milliseconds) {
    sigset_t all_but_child;
    struct timespec limit = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000L};
    sigfillset(&all_but_child);
    sigdelset(&all_but_child, SIGCHLD);
    return ppoll(events, count, milliseconds < 0 ? NULL : &limit, &all_but_child);
}

void signals_give_back(void) {
    signals_restore_actions();
    send_all(getpid(), atomic_exchange(&first.came, 0));
    signals_restore_mask();
}

void signals_restore_actions(void) {
    for (int s = 1; s < NSIG; s++) {
        if (known[s] && s != SIGKILL && s != SIGSTOP) sigaction(s, &action_of_script[s], NULL);
    }
}

void signals_restore_mask(void) {
    pthread_sigmask(SIG_SETMASK, &mask_of_script, NULL);
}
