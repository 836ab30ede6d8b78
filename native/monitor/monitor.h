/* What a monitor knows. */
#ifndef MONITOR_MONITOR_H
#define MONITOR_MONITOR_H

#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct monitor {
    int private;
    int leash;
    int signals;
    _Atomic uint32_t *word;
    uint32_t generation;
    pid_t executor;

    int connection;    /* -1 before a call and after its status was sent */
    bool extended;     /* the client speaks frames */
    bool passed[NSIG]; /* these were asked for: an end by them is nothing to report to the server */
    bool reported;     /* the status has been sent, or there is nobody to send it to */
    bool stopped;      /* the executor is */
    int stopped_by;    /* this signal, the last time */
    bool with_client;  /* we stopped it, because its client was stopped */
    bool continuing;   /* we have sent it SIGCONT, and have not seen yet that it goes on */
    bool told;         /* the client has been told to stop, and has not answered yet that it goes on */
    bool woken;        /* we have continued the client, and have not heard of it yet */
    bool unstoppable;  /* the client's group is orphaned: nobody would ever continue it */
    long long look_ms; /* when to look at the client next */
    int look_again_ms; /* how long after that again */
    int ending_with;   /* the signal last sent because the client went away, or 0 */
    long long deadline_ms;
};

/* Tells a client that speaks frames, where there is one. */
void send_frame(const struct monitor *m, uint8_t kind, uint32_t value);

#endif
