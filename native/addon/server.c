#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <syslog.h>
#include <unistd.h>

#include "activity.h"
#include "demand.h"
#include "descriptors.h"
#include "engine.h"
#include "forget.h"
#include "huge.h"
#include "log.h"
#include "marker.h"
#include "monotonic.h"
#include "pace.h"
#include "pages.h"
#include "running.h"
#include "signals.h"
#include "spares.h"

#define SPARES_LOST_MAX 10
/* With no spare left and somebody waiting, a server that cannot fork for so long leaves: a client that finds
 * none hears at once what is short, instead of waiting in vain. */
#define FORKLESS_MS 2000
/* Under load, a spare's warm-up takes CPU from running calls. So it prepares itself only once no call has
 * come for this long. A call wakes all spares that wait so, and one gets it: the others go on unprepared. */
#define PATIENCE_MS 20
/* How long the server looks away from its calls for work that can wait. */
#define SETTLE_MS 2
/* How much later a spare may be there for huge pages: a heap of 40 MB takes as long. */
#define COMPACT_MS 10
/* An accept backlog beyond what any machine fills; the kernel cuts it to net.core.somaxconn. */
#define BACKLOG 4096
/* A failure that goes on is said again after this time. */
#define SAY_AGAIN_MS 60000

static struct {
    struct server_options options;
    bool first_call_pending;
    bool compact; /* its heap is in huge pages */
    bool announced;
    int patience_ms; /* how long the next executor waits for a call before it prepares itself */
    int spares_lost; /* in a row, without a call */
    uint32_t taken;  /* calls, those that a stale executor turned away among them */
    bool woken;      /* by an executor: perhaps because it found itself stale */
    bool settled;    /* the staleness store has nothing left to do in idle moments */
    int64_t last_activity_ms;
    uint64_t calls;            /* that it has had */
    int64_t forkless_since_ms; /* the first of the forks that have failed in a row, or 0 */
} server;

const char *server_start(const struct server_options *options) {
    server.options = *options;
    server.first_call_pending = true;
    server.last_activity_ms = monotonic_ms();
    pages_open();
    if (!spares_open()) return "cannot make the memory and pipes that spares share";
    signals_tell_children(spares_wake_descriptor());
    /* The kernel renews the listener's credentials here, so that a waiting client can tell which process is
     * the server. */
    if (listen(options->listener, BACKLOG) < 0) return "cannot listen on the socket it was given";
    int flags = fcntl(options->listener, F_GETFL);
    if (flags < 0 || fcntl(options->listener, F_SETFL, flags & ~O_NONBLOCK) < 0)
        return "cannot make its socket blocking";
    if (descriptors_let_go_of_caller() < 0) return "cannot let go of the first caller's descriptors";
    /* It fails where a launcher made setup a group leader (none does): then the group is ours already. */
    if (setsid() < 0 && getpgrp() != getpid()) return "cannot leave the caller's session";
    prctl(PR_SET_PDEATHSIG, 0); /* the launcher's wish for its setup; it cannot fail */
    return NULL;
}

static void reap_monitors(void);
static void count_call(pid_t monitor, pid_t executor);
static const char *reason_to_leave(void);
static void leave(const char *why) __attribute__((noreturn));
static bool is_awaited(void);
static bool wants_spare(void);
static bool fork_spare(void);
static void wait_for_event(void);

enum server_event server_run(void) {
    log_take_output();
    for (;;) {
        /* In this order: a call that is over already has been one, or a server of short calls would take
         * itself for idle. */
        spares_collect_taken(count_call);
        reap_monitors();
        const char *why = reason_to_leave();
        if (why) leave(why);
        spares_dismiss(demand_spares(server.options.spares));
        if (!wants_spare()) {
            wait_for_event();
            continue;
        }
        if (!server.first_call_pending && !pace_is_calm()) {
            pace_calm_down();
            stale_watch(server.options.stale);
            engine_resume();
            return SERVER_CALM;
        }
        if (pace_is_calm() && !server.compact && !is_awaited()) server.compact = huge_pages_use(COMPACT_MS);
        if (!engine_quiesce(QUIESCE_MS)) return SERVER_BUSY;
        server.patience_ms = is_awaited() || pace_is_rush() ? PATIENCE_MS : 0;
        if (fork_spare()) return SERVER_EXECUTOR;
    }
}

static void note_activity(void);
static void report_end(pid_t executor, int status, bool lost);
static void lose_spare(void);
static void announce(void);

static void reap_monitors(void) {
    pid_t monitor;
    int status;
    while ((monitor = waitpid(-1, &status, WNOHANG)) > 0) {
        pid_t executor = 0;
        bool lost = spares_lost(monitor, &executor);
        pid_t call = running_forget(monitor);
        if (call) {
            executor = call;
            note_activity();
            pace_call_ends();
        }
        if (executor) report_end(executor, status, lost);
        if (lost) lose_spare();
    }
}

static void note_activity(void) {
    server.last_activity_ms = monotonic_ms();
    activity_note(server.calls, running_count());
}

/* A monitor ends with the number of the signal that killed its executor, if nobody had asked it to pass that
 * on; with 127 when it failed; else with 0. */
static void report_end(pid_t executor, int status, bool lost) {
    const char *what = lost ? "waiting process" : "call";
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    if (lost || code != 0 || WIFSIGNALED(status)) announce();
    if (WIFSIGNALED(status)) {
        log_line(LOG_ERR, "the monitor of %s %d was killed by signal %d (%s)", what, (int)executor,
                 WTERMSIG(status), strsignal(WTERMSIG(status)));
    } else if (code == PFI_MONITOR_FAILED) {
        log_line(LOG_ERR, "the monitor of %s %d failed", what, (int)executor);
    } else if (code != 0) {
        log_line(LOG_WARNING, "%s %d was killed by signal %d (%s)", what, (int)executor, code,
                 strsignal(code));
    } else if (lost) {
        log_line(LOG_WARNING, "%s %d ended without a call", what, (int)executor);
    }
}

/* A spare that ends while it waits was killed, or cannot live here: then the next would end too, and so on
 * without end. */
static void lose_spare(void) {
    server.spares_lost++;
    pace_setback();
}

static void count_call(pid_t monitor, pid_t executor) {
    server.taken++;
    signals_pass_to(executor);
    running_add(monitor, executor);
    server.calls++;
    note_activity();
    server.spares_lost = 0;
    pace_call_begins();
    demand_note_call();
}

static bool readable(int descriptor) {
    struct pollfd one = {.fd = descriptor, .events = POLLIN};
    return descriptor >= 0 && poll(&one, 1, 0) > 0;
}

/* Its stderr: lines that it says, and the end of file that says that it is gone. */
static bool watcher_has_ended(void) {
    char text[1024];
    for (;;) {
        ssize_t got = read(server.options.watcher_error, text, sizeof text - 1);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) return got == 0;
        text[got] = '\0';
        log_line(LOG_WARNING, "its watcher says: %s", text);
    }
}

/* A caller waits, and nobody but the next executor can take it. */
static bool is_awaited(void) {
    return !server.first_call_pending && spares_waiting() == 0 && readable(server.options.listener);
}

static bool is_forkless(void) {
    return server.forkless_since_ms && monotonic_ms() - server.forkless_since_ms >= FORKLESS_MS &&
           is_awaited();
}

static const char *explain_staleness(enum stale_verdict verdict, const char *path) {
    static char why[PATH_MAX + 64];
    if (verdict == STALE_SOCKET_GONE) return "its socket was removed or replaced";
    snprintf(why, sizeof why, "reload, as %s has changed",
             path ? path : "a file that its initialisation looked at");
    return why;
}

/* Milliseconds until it leaves for want of calls; -1: never, or not while one runs. */
static long long idle_time_left(void) {
    if (server.options.idle_seconds <= 0 || running_count() > 0) return -1;
    int64_t left = server.last_activity_ms + (int64_t)(server.options.idle_seconds * 1000) - monotonic_ms();
    return left > 0 ? left : 0;
}

/* NULL: it stays. */
static const char *reason_to_leave(void) {
    static char why[128];
    const char *path = NULL;
    if (server.first_call_pending) return NULL;
    if (readable(server.options.watcher_error) && watcher_has_ended())
        return "its socket was removed or replaced, or its watcher was ended";
    enum stale_verdict verdict = stale_verdict(server.options.stale, &path);
    if (verdict != STALE_FRESH) return explain_staleness(verdict, path);
    bool asked = server.woken || readable(stale_descriptor(server.options.stale));
    server.woken = false;
    if (asked) verdict = stale_drain(server.options.stale, &path);
    if (verdict != STALE_FRESH) return explain_staleness(verdict, path);
    if (server.spares_lost >= SPARES_LOST_MAX) {
        snprintf(why, sizeof why, "%d waiting processes in a row ended without a call", server.spares_lost);
        return why;
    }
    if (is_forkless()) return "it cannot fork a process for a call that waits";
    if (idle_time_left() != 0) return NULL;
    snprintf(why, sizeof why, "no call for %g s", server.options.idle_seconds);
    return why;
}

static bool room_for_spare(void) {
    int idle = spares_waiting();
    if (idle >= demand_spares(server.options.spares)) return false;
    return server.options.max_calls == 0 || running_count() + (size_t)idle < (size_t)server.options.max_calls;
}

static bool wants_spare(void) {
    if (server.first_call_pending) return true;
    if (!room_for_spare()) return false;
    if (pace_allows()) return true;
    return !server.forkless_since_ms && is_awaited();
}

static void become_spare(void);
static void leave_without_first_call(void) __attribute__((noreturn));
static void report_failed_fork(void);
static void hand_over_first_call(void);

/* Returns true in the executor. */
static bool fork_spare(void) {
    bool first = server.first_call_pending;
    switch (spares_fork(server.options.monitor_program, server.options.script, first)) {
    case FORK_EXECUTOR:
        become_spare();
        return true;
    case FORK_SERVER:
        server.forkless_since_ms = 0;
        if (first)
            hand_over_first_call();
        else
            engine_resume();
        return false;
    default: /* out of processes or memory */
        if (server.first_call_pending) leave_without_first_call();
        report_failed_fork();
        engine_resume();
        if (!server.forkless_since_ms) server.forkless_since_ms = monotonic_ms();
        pace_setback();
        return false;
    }
}

static void report_failed_fork(void) {
    static int64_t said_ms;
    if (said_ms && monotonic_ms() - said_ms < SAY_AGAIN_MS) return;
    log_line(LOG_ERR, "cannot fork a process for the next call: %s", strerror(errno));
    said_ms = monotonic_ms();
}

static void become_spare(void) {
    log_in_spare();
    if (!server.first_call_pending) server.options.first_call = -1;
    if (server.options.watcher_in >= 0) close(server.options.watcher_in);
    if (server.options.watcher_error >= 0) close(server.options.watcher_error);
    close(server.options.monitor_program);
}

static void hand_over_first_call(void) {
    server.first_call_pending = false;
    pace_first_call_begins();
    close(server.options.first_call);
    server.options.first_call = -1;
    if (server.options.extended) forget_caller(); /* a client of version 1 sends no directory */
}

static void leave_without_first_call(void) {
    char reason[128];
    snprintf(reason, sizeof reason, "it cannot be forked: %s", strerror(errno));
    log_line(LOG_ERR, "the server ends: %s", reason);
    server_refuse_call(reason);
}

/* Nothing of the first call has run, so its client can run it plainly. One of version 1 cannot be told: it
 * sees end of file. A spare has no call yet. */
void server_refuse_call(const char *reason) {
    static struct call call;
    if (server.options.first_call >= 0 && server.options.extended &&
        call_read_unforked(server.options.first_call, NULL, &call))
        call_refuse(reason);
    _exit(127);
}

/* -1: never. */
static long long sooner(long long one, long long other) {
    return one < 0 || (other >= 0 && other < one) ? other : one;
}

/* For poll. */
static int time_to_wait(void) {
    long long left = room_for_spare() || !server.announced ? pace_time_left() : -1;
    left = sooner(left, demand_time_left(server.options.spares));
    left = sooner(left, idle_time_left());
    return left > INT_MAX ? INT_MAX : (int)left;
}

/* The watcher may start now, and be told what it needs to know; the line comes after it. */
static void announce(void) {
    if (server.announced) return;
    server.announced = true;
    log_greet_watcher();
    log_line(LOG_INFO, "the server starts");
}

static void wait_for_event(void) {
    bool hurries = spares_waiting() == 0 && room_for_spare() && !server.forkless_since_ms;
    struct pollfd events[] = {
        {.fd = spares_wake_descriptor(), .events = POLLIN},
        {.fd = server.options.watcher_error, .events = POLLIN},
        {.fd = stale_descriptor(server.options.stale), .events = POLLIN},
        {.fd = hurries ? server.options.listener : -1, .events = POLLIN},
    };
    uint64_t count;
    while (!server.settled && poll(events, 4, 0) == 0)
        server.settled = stale_settle(server.options.stale, SETTLE_MS);
    signals_poll(events, 4, time_to_wait());
    server.woken = events[0].revents != 0;
    if (events[0].revents) {
        while (read(spares_wake_descriptor(), &count, sizeof count) < 0 && errno == EINTR)
            continue;
    }
    if (pace_passes()) announce();
}

/* What initialisation wrote itself, where it did not even last for a second call. */
static const char *find_own_change(void) {
    const char *path = NULL;
    const struct stale *stale = server.options.stale;
    if (stale_verdict(stale, &path) != STALE_CHANGED || !stale_is_own(stale)) return NULL;
    return (int32_t)(server.taken - stale_turned_away(stale)) <= 1 ? path : NULL;
}

/* First the word for those who start over. Spares are claimed before they are ended: one that takes a call in
 * this moment keeps it. Whoever waits in the backlog sees end of file, which is the same to a client as no
 * server. The script's exit handlers belong to calls, so none runs here. */
static void leave(const char *why) {
    marker_note_leaving(server.options.stale, find_own_change());
    spares_dismiss(0);
    int flags = fcntl(server.options.listener, F_GETFL);
    fcntl(server.options.listener, F_SETFL, flags | O_NONBLOCK);
    int waiting;
    while ((waiting = accept(server.options.listener, NULL, NULL)) >= 0)
        close(waiting);
    announce();
    log_line(LOG_INFO, "the server ends: %s", why);
    _exit(0);
}

bool server_is_compact(void) {
    return server.compact;
}

bool server_is_called(void) {
    struct pollfd one = {.fd = server.options.listener, .events = POLLIN};
    return server.patience_ms > 0 && poll(&one, 1, server.patience_ms) > 0;
}

struct call_source server_call_source(void) {
    return (struct call_source){
        .first = server.options.first_call,
        .listener = server.options.listener,
        .extended = server.options.extended,
        .stale = server.options.stale,
    };
}
