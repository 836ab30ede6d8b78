/*
 * prefork-interp: runs a script in a process that has its initialisation behind it.
 *
 * Warm: connect to the script's server, wait for an executor's greeting, send it all that makes the call,
 * forward signals, end as it ends. Cold: the same after starting the server. Whenever that cannot be done
 * before anything has run, the interpreter is executed as if we were not there.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "call.h"
#include "end.h"
#include "follow.h"
#include "ident.h"
#include "marker.h"
#include "news.h"
#include "obstacle.h"
#include "plain.h"
#include "reach.h"
#include "request.h"
#include "rundir.h"
#include "say.h"
#include "warm.h"

#define TRIES 3

/* A sandbox may forbid it: then all counts as unlimited until check_obstacles looks. */
static void read_limits(struct call *call) {
    for (int i = 0; i < PFI_LIMITS; i++) {
        if (getrlimit(i, &call->limits[i]) == 0) continue;
        call->limits[i] = (struct rlimit){RLIM_INFINITY, RLIM_INFINITY};
        call->limits_unknown = errno;
    }
}

/* In this order: what was open before us is only known while nothing of ours is. */
static void look_at_caller(struct call *call) {
    read_limits(call);
    if (call->limits[RLIMIT_FSIZE].rlim_cur != RLIM_INFINITY) ignore_too_large(&call->signals);
    find_descriptors(&call->descriptors, call->limits[RLIMIT_NOFILE].rlim_cur);
    remember_standard(call->standard);
}

/* The marker tells later calls the same: they need not say it again. */
static void say_unforked(struct call *call, const char *reason) {
    char marked[REASON_ROOM];
    snprintf(marked, sizeof marked, CANNOT_BE_FORKED, reason);
    if (*reason && is_news(call, marked)) say("running %s unforked: %s", script_name(call), reason);
}

/* Signals are caught before the request is sent: afterwards the script runs, and they are its. A monitor of
 * version 1 knows none; a setup that becomes the call is our child, whose signals are caught already. */
static bool hand_over(struct call *call, struct conversation *conversation, const struct request *request) {
    if (!conversation->extended)
        release_signals(&call->signals);
    else if (!conversation->unforked) {
        if (!catch_signals(&call->signals, false))
            run_plainly(call, "cannot make a descriptor for signals: %s", strerror(errno));
    } else
        say_unforked(call, conversation->unforked);
    return send_request(call, conversation, request);
}

/* A waiting executor that is killed after its greeting has run nothing: there may be another, or a server to
 * start. */
static void begin(struct call *call, struct conversation *conversation, struct request *request) {
    for (int tries = 1;; tries++) {
        reach_executor(call, conversation, request);
        if (hand_over(call, conversation, request)) return;
        if ((errno != EPIPE && errno != ECONNRESET) || conversation->unforked || tries == TRIES)
            run_plainly_this_time(call, "it could not be handed over: %s", strerror(errno));
        say_debug("an executor of %s ended before it had its call: looking again", script_name(call));
        close(conversation->fd);
        release_signals(&call->signals);
    }
}

static int follow(struct call *call, struct conversation *conversation) {
    if (!conversation->extended) return follow_version_1(call, conversation);
    return conversation->unforked ? follow_setup(call, conversation) : follow_monitor(call, conversation);
}

int main(int argc, char **argv) {
    static struct call call = {.signals.fd = -1, .directory_fd = -1};
    static struct conversation conversation;
    static struct request request;

    look_at_caller(&call);
    parse_options(argc, argv, &call.options);
    find_interpreter(&call.options.interpreter, &call.interpreter);
    if (call.options.warm) use_streams_of_nobody(&call);
    check_obstacles(&call);
    open_rundir(&call);
    name_server(&call);
    if (call.options.explain) print_ident(&call);
    if (call.options.kill) end_server(&call);
    if (call.options.warm) warm_up(&call, &conversation, &request);
    begin(&call, &conversation, &request);
    end_as(&call, follow(&call, &conversation));
}
