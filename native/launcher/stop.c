#include "stop.h"

#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "close_between.h"
#include "signals.h"
#include "small_file.h"

/* How often the waker looks at setup: twice the time with each look. */
#define LOOK_SOON_MS 10
#define LOOK_MS 160

/* State T or t in /proc/PID/stat. */
bool is_stopped(pid_t pid) {
    char path[64], text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    if (pid <= 0 || !read_small(path, text, sizeof text)) return false;
    const char *end = strrchr(text, ')');
    return end && end[1] == ' ' && (end[2] == 'T' || end[2] == 't');
}

/* The SIGCONT that woke us is still pending where all are blocked: whoever calls tells of it himself. */
static bool drop_continue(pid_t *sender) {
    sigset_t set;
    siginfo_t info;
    sigemptyset(&set);
    sigaddset(&set, SIGCONT);
    if (sigtimedwait(&set, &info, &(struct timespec){0}) != SIGCONT) return false;
    if (sender) *sender = info.si_code <= 0 ? info.si_pid : 0;
    return true;
}

bool stop_self(int number, pid_t *continued_by) {
    struct sigaction stop = {.sa_handler = SIG_DFL}, before;
    bool changed = number != SIGSTOP && sigaction(number, &stop, &before) == 0;
    raise(number);
    let_through(number); /* here we stand still */
    block_all();
    if (changed) sigaction(number, &before, NULL);
    return drop_continue(continued_by);
}

/* The waker: nobody tells a process that stands still that its child goes on, or has been killed. It holds
 * nothing of the caller's, and leads a session of its own: keys are not for it. */
noreturn static void wake_with(pid_t setup, pid_t client) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    close_between(0, INT_MAX);
    setsid();
    for (int pause = LOOK_SOON_MS; getppid() == client;) {
        if (!is_stopped(setup) && is_stopped(client)) _exit(kill(client, SIGCONT));
        nanosleep(&(struct timespec){.tv_nsec = pause * 1000000L}, NULL);
        if (pause < LOOK_MS) pause *= 2;
    }
    _exit(0);
}

void stop_with_setup(pid_t setup, int number) {
    pid_t client = getpid(), waker = fork(), continued_by = 0;
    if (waker == 0) wake_with(setup, client);
    stop_self(number, &continued_by);
    if (waker > 0) {
        kill(waker, SIGKILL);
        waitpid(waker, NULL, 0);
        drop_continue(NULL); /* one that it sent as somebody else continued us */
    }
    /* Setup may have been stopped once more since it was seen to go on. */
    if (waker < 0 || continued_by != waker) kill(setup, SIGCONT);
}
