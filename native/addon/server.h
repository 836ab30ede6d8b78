/* The server: keeps spares, reaps monitors, decides when to leave. It runs in a native loop; Node's event
 * loop stands still meanwhile. */
#ifndef PREFORK_SERVER_H
#define PREFORK_SERVER_H

#include <stdbool.h>
#include <stdint.h>

#include "call.h"
#include "stale.h"

struct server_options {
    int listener;        /* the listening socket */
    int first_call;      /* CALL */
    int watcher_in;      /* WATCHI: closing it tells the watcher to go */
    int watcher_error;   /* WATCHE: its end tells the server to go */
    int monitor_program; /* descriptor of the monitor program */
    bool extended;       /* a launcher of ours started it, so every client speaks the extension */
    int spares;          /* executors kept waiting, at least so many; 1 or more */
    int max_calls;       /* calls at a time, 0 for no limit */
    double idle_seconds; /* leave after so long without a call, 0 for never */
    const char *script;  /* for ps */
    struct stale *stale;
};

/* Makes the process a server: session, descriptors 0 to 2, signals, shared memory. Returns NULL or the reason
 * (a static string) why it cannot be one; then nothing has changed that a call could notice. */
const char *server_start(const struct server_options *options);

enum server_event {
    SERVER_EXECUTOR, /* this process is a forked executor */
    SERVER_CALM, /* once, when the first call is under way: what makes later calls faster can be done now */
    SERVER_BUSY, /* V8's workers need JavaScript to run once before they come to rest: run some, and call
                    again */
};

/* Serves until one of these happens. Leaving is not among them: the server ends the process itself. */
enum server_event server_run(void);

/* In an executor that cannot take calls, or a server that cannot fork the first one: ends it. Whoever waits
 * for it runs plainly, with the reason. */
void server_refuse_call(const char *reason) __attribute__((noreturn));

/* In an executor, where callers wait or come one upon the other: waits a moment for one. True: one waits, so
 * that preparing for it would take longer than it gives. */
bool server_is_called(void);

/* In an executor: its memory is the server's as it stays. (Pages that the server has replaced by huge ones
 * since look as if this process had copied them.) */
bool server_is_compact(void);

/* In an executor: where its call comes from. */
struct call_source server_call_source(void);

#endif
