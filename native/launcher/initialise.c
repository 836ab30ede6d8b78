#include "initialise.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "end.h"
#include "monotonic.h"
#include "plain.h"
#include "rundir.h"
#include "say.h"
#include "settings.h"
#include "stop.h"
#include "wait.h"

#define KILL_AFTER_MS 2000

struct progress {
    long long deadline;
    bool served; /* setup has become a server */
    bool ended;  /* it has, as status says */
    int status;
    bool passed[NSIG]; /* these came over us, or from the terminal: nobody needs a line about them */
};

static void remove_files(const struct call *call) {
    remove_entry(call, 's');
    remove_entry(call, 'l');
}

/* Setup has run, and what it did cannot be taken back: it is not run a second time. */
noreturn static void report_end(struct call *call, const struct progress *progress) {
    int status = progress->status;
    remove_files(call);
    char end[128] = "";
    if (WIFEXITED(status)) snprintf(end, sizeof end, "ended with status %d", WEXITSTATUS(status));
    if (WIFSIGNALED(status) && !progress->passed[WTERMSIG(status)])
        snprintf(end, sizeof end, "was ended by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    if (*end)
        say("%s %s before calling initialisationComplete(); its output went to stderr; it is not run again",
            script_name(call), end);
    end_as(call, status ? status : STATUS_OF_EXIT(EXIT_LAUNCHER));
}

/* A server leaves the caller's session. One that has ended can be asked until it is waited for. */
static void note_server(const struct call *call, const struct conversation *conversation,
                        struct progress *progress) {
    if (call->interpreter.node && !progress->ended && getsid(conversation->setup) == conversation->setup)
        progress->served = true;
}

static void note_change(const struct call *call, struct conversation *conversation,
                        struct progress *progress) {
    struct child_change change;
    note_server(call, conversation, progress);
    while (!progress->ended && wait_for_child(conversation->setup, &change)) {
        if (change.stopped) {
            long long before = monotonic_ms();
            stop_with_setup(conversation->setup, change.signal);
            progress->deadline += monotonic_ms() - before;
        } else if (change.ended) {
            progress->ended = true;
            progress->status = change.status;
        }
    }
}

/* A signal from the terminal has reached setup as well, as it is in our group; unless it has become a server
 * meanwhile, which passes on to the call whatever we send. */
static bool has_reached_setup(const struct conversation *conversation, const struct caught *caught) {
    return caught->from_terminal && getsid(conversation->setup) == getsid(0);
}

static void pass_signals(struct call *call, struct conversation *conversation, struct progress *progress) {
    struct caught caught;
    while (take_signal(&call->signals, &caught)) {
        if (caught.number < NSIG) progress->passed[caught.number] = true;
        if (!progress->ended && !has_reached_setup(conversation, &caught))
            kill(conversation->setup, caught.number);
    }
    note_change(call, conversation, progress);
}

/* Milliseconds to sleep in poll until a moment. */
static int until(long long moment) {
    long long left = moment - monotonic_ms();
    return left < 0 ? 0 : (int)left;
}

static void end_setup(struct call *call, struct conversation *conversation, struct progress *progress) {
    long long killed = monotonic_ms() + KILL_AFTER_MS;
    struct pollfd polled = {.fd = call->signals.fd, .events = POLLIN};
    if (!progress->ended) kill(conversation->setup, SIGTERM);
    while (!progress->ended && monotonic_ms() < killed)
        if (poll(&polled, 1, until(killed)) > 0) pass_signals(call, conversation, progress);
    if (progress->ended) return;
    kill(conversation->setup, SIGKILL);
    waitpid(conversation->setup, NULL, 0);
}

noreturn static void give_up(struct call *call, struct conversation *conversation,
                             struct progress *progress) {
    end_setup(call, conversation, progress);
    remove_files(call);
    close(conversation->fd);
    run_plainly_this_time(call, "its initialisation was not complete within %lld s, and was ended",
                          setup_limit() / 1000);
}

/* Whether the connection holds bytes: a greeting that was written before setup ended. */
static bool has_bytes(int fd) {
    char byte;
    return recv(fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 1;
}

/* A setup of version 1 forks its server and ends with 0; the greeting follows. Other ends are the result. */
static bool is_over(const struct conversation *conversation, const struct progress *progress, bool closed) {
    if (!progress->ended || has_bytes(conversation->fd)) return false;
    return closed || progress->status != 0;
}

bool await_initialisation(struct call *call, struct conversation *conversation) {
    struct progress progress = {.deadline = monotonic_ms() + setup_limit()};
    struct pollfd polled[] = {{.fd = conversation->fd, .events = POLLIN},
                              {.fd = call->signals.fd, .events = POLLIN}};
    for (bool closed = false;;) {
        if (poll(polled, 2, until(progress.deadline)) < 0 && errno != EINTR)
            die("cannot wait for %s: %s", script_name(call), strerror(errno));
        if (polled[1].revents) pass_signals(call, conversation, &progress);
        if (!closed && polled[0].revents) {
            if (has_bytes(conversation->fd)) break;
            closed = true; /* end of file: setup has closed it without a word, and will have to end */
            polled[0].fd = -1;
            note_server(call, conversation, &progress);
        }
        /* But not a server: it closes the connection once its executor has it as well, so that has ended. */
        if (closed && progress.served) return false;
        if (!progress.served && is_over(conversation, &progress, closed)) report_end(call, &progress);
        if (monotonic_ms() >= progress.deadline) give_up(call, conversation, &progress);
    }
    call->deadline = monotonic_ms() + waiting_limit();
    if (read_greeting(call, conversation)) return true;
    note_server(call, conversation, &progress);
    if (progress.served) return false;
    if (!progress.ended) end_setup(call, conversation, &progress);
    report_end(call, &progress);
}
