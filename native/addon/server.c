#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "call.h"
#include "descriptors.h"
#include "engine.h"
#include "signals.h"
#include "spares.h"

/* A refill competes with the call that made it necessary for two cores and for the page tables: it waits this
 * long while a spare is left, or nobody is waiting (docs/fork.md has the measurement). */
#define REFILL_DELAY_MS 8
/* After a fork that failed, or a spare that ended without a call. */
#define SETBACK_MS 500
#define SPARES_LOST_MAX 10
/* How long the server looks away from its calls for work that can wait. */
#define SETTLE_MS 2
/* An accept backlog beyond what any machine fills; the kernel cuts it to net.core.somaxconn. */
#define BACKLOG 4096

static struct {
    struct server_options options;
    pid_t *calls; /* monitors whose executor has taken a call */
    size_t call_count, call_room;
    bool first_call_pending;
    bool refill_waits;
    int spares_lost; /* in a row, without a call */
    bool woken;      /* by an executor: perhaps because it found itself stale */
    bool settled;    /* the staleness store has nothing left to do in idle moments */
    long long refill_due_ms, last_activity_ms;
} server;

static long long now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

const char *server_start(const struct server_options *options) {
    server.options = *options;
    server.first_call_pending = true;
    server.last_activity_ms = now_ms();
    if (!spares_open()) return "cannot make the memory and pipes that spares share";
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
    signals_put_away(spares_wake_descriptor());
    return NULL;
}

static void reap_monitors(void);
static void count_call(pid_t monitor);
static bool must_leave(void);
static void leave(void) __attribute__((noreturn));
static bool wants_spare(void);
static bool fork_spare(void);
static void wait_for_event(void);

enum server_event server_run(void) {
    for (;;) {
        reap_monitors();
        spares_collect_taken(count_call);
        if (must_leave()) leave();
        if (!wants_spare()) {
            wait_for_event();
            continue;
        }
        if (!engine_quiesce(QUIESCE_MS)) return SERVER_BUSY;
        if (fork_spare()) return SERVER_EXECUTOR;
    }
}

static void forget_call(pid_t monitor);
static void lose_spare(void);

static void reap_monitors(void) {
    pid_t monitor;
    while ((monitor = waitpid(-1, NULL, WNOHANG)) > 0) {
        if (spares_lost(monitor)) lose_spare();
        forget_call(monitor);
    }
}

static void forget_call(pid_t monitor) {
    for (size_t i = 0; i < server.call_count; i++) {
        if (server.calls[i] != monitor) continue;
        server.calls[i] = server.calls[--server.call_count];
        server.last_activity_ms = now_ms();
        return;
    }
}

static void delay_refill(int milliseconds) {
    server.refill_waits = true;
    server.refill_due_ms = now_ms() + milliseconds;
}

/* A spare that ends while it waits was killed, or cannot live here: then the next would end too, and so on
 * without end. */
static void lose_spare(void) {
    server.spares_lost++;
    delay_refill(SETBACK_MS);
}

static void add_call(pid_t monitor) {
    if (server.call_count == server.call_room) {
        size_t room = server.call_room ? server.call_room * 2 : 64;
        pid_t *more = realloc(server.calls, room * sizeof *more);
        if (!more) return; /* it is merely not counted against maxCalls */
        server.calls = more;
        server.call_room = room;
    }
    server.calls[server.call_count++] = monitor;
}

static void count_call(pid_t monitor) {
    add_call(monitor);
    server.last_activity_ms = now_ms();
    server.spares_lost = 0;
    delay_refill(REFILL_DELAY_MS);
}

static bool readable(int descriptor) {
    struct pollfd one = {.fd = descriptor, .events = POLLIN};
    return descriptor >= 0 && poll(&one, 1, 0) > 0;
}

static bool must_leave(void) {
    const char *path;
    if (server.first_call_pending) return false;
    if (readable(server.options.watcher_error)) return true;
    if (stale_verdict(server.options.stale, &path) != STALE_FRESH) return true;
    bool asked = server.woken || readable(stale_descriptor(server.options.stale));
    server.woken = false;
    if (asked && stale_drain(server.options.stale, &path) != STALE_FRESH) return true;
    if (server.spares_lost >= SPARES_LOST_MAX) return true;
    if (server.options.idle_seconds <= 0 || server.call_count > 0) return false;
    return (double)(now_ms() - server.last_activity_ms) >= server.options.idle_seconds * 1000;
}

static bool room_for_spare(void) {
    int idle = spares_waiting();
    if (idle >= server.options.spares) return false;
    return server.options.max_calls == 0 ||
           server.call_count + (size_t)idle < (size_t)server.options.max_calls;
}

static bool wants_spare(void) {
    if (server.first_call_pending) return true;
    if (!room_for_spare()) return false;
    if (!server.refill_waits || now_ms() >= server.refill_due_ms) return true;
    return spares_waiting() == 0 && readable(server.options.listener);
}

static void become_spare(void);
static void refuse_first_call(void) __attribute__((noreturn));
static void hand_over_first_call(void);

/* Returns true in the executor. */
static bool fork_spare(void) {
    bool first = server.first_call_pending;
    switch (spares_fork(server.options.monitor_program, server.options.script, first)) {
    case FORK_EXECUTOR:
        become_spare();
        return true;
    case FORK_SERVER:
        if (server.first_call_pending) hand_over_first_call();
        return false;
    default:
        /* Out of processes or memory. Later calls wait, or run plainly in the end. */
        if (server.first_call_pending) refuse_first_call();
        delay_refill(SETBACK_MS);
        return false;
    }
}

static void become_spare(void) {
    if (!server.first_call_pending) server.options.first_call = -1;
    if (server.options.watcher_in >= 0) close(server.options.watcher_in);
    if (server.options.watcher_error >= 0) close(server.options.watcher_error);
    close(server.options.monitor_program);
}

static void hand_over_first_call(void) {
    server.first_call_pending = false;
    delay_refill(REFILL_DELAY_MS);
    close(server.options.first_call);
    server.options.first_call = -1;
}

/* Nothing of the call has run, so its client can run it plainly. One of version 1 cannot be told: it sees end
 * of file. */
static void refuse_first_call(void) {
    static struct call call;
    char reason[128];
    snprintf(reason, sizeof reason, "it cannot be forked: %s", strerror(errno));
    if (server.options.extended && call_read_unforked(server.options.first_call, NULL, &call))
        call_refuse(reason);
    _exit(127);
}

static int time_to_wait(void) {
    long long now = now_ms(), left = -1;
    if (server.refill_waits && room_for_spare()) left = server.refill_due_ms - now;
    if (server.options.idle_seconds > 0 && server.call_count == 0) {
        long long idle = server.last_activity_ms + (long long)(server.options.idle_seconds * 1000) - now;
        if (left < 0 || idle < left) left = idle;
        if (left < 0) left = 0;
    }
    return left > 0x7fffffff ? 0x7fffffff : (int)left;
}

static void wait_for_event(void) {
    struct pollfd events[] = {
        {.fd = spares_wake_descriptor(), .events = POLLIN},
        {.fd = server.options.watcher_error, .events = POLLIN},
        {.fd = stale_descriptor(server.options.stale), .events = POLLIN},
        {.fd = spares_waiting() == 0 && room_for_spare() ? server.options.listener : -1, .events = POLLIN},
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
    if (server.refill_waits && now_ms() >= server.refill_due_ms) server.refill_waits = false;
    if (events[0].revents && server.options.watcher_in >= 0) {
        /* The first call has been answered or is under way: the watcher may start now. */
        static bool hinted;
        if (!hinted && server.options.extended && write(server.options.watcher_in, "", 1) >= 0) hinted = true;
    }
}

/* Spares are claimed before they are ended: one that takes a call in this moment keeps it. Whoever waits in
 * the backlog sees end of file, which is the same to a client as no server. The script's exit handlers belong
 * to calls, so none runs here. */
static void leave(void) {
    spares_dismiss();
    int flags = fcntl(server.options.listener, F_GETFL);
    fcntl(server.options.listener, F_SETFL, flags | O_NONBLOCK);
    int waiting;
    while ((waiting = accept(server.options.listener, NULL, NULL)) >= 0)
        close(waiting);
    _exit(0);
}

int server_listener(void) {
    return server.options.listener;
}

int server_first_call(void) {
    return server.options.first_call;
}

bool server_is_extended(void) {
    return server.options.extended;
}

struct stale *server_stale(void) {
    return server.options.stale;
}
