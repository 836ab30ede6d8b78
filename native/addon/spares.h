/* Spares: executors forked ahead, each with its monitor. A word in shared memory says of each whether it
 * waits, has taken a call or has been dismissed; only a compare-and-swap from waiting changes it, so exactly
 * one side wins. */
#ifndef PREFORK_SPARES_H
#define PREFORK_SPARES_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "engine.h"

/* Waiting at a time; the words of that many fit one page. */
#define SPARES_MAX 63

/* Makes what server, monitors and executors share. Returns false with errno. */
bool spares_open(void);

/* An eventfd: readable when an executor or the end of a monitor has woken the server. */
int spares_wake_descriptor(void);
void spares_wake(void);

/* After engine_quiesce. `monitor_program` is a descriptor, `script` is for ps. With `has_call` it is the
 * first call's executor, which counts as taken from the start: neither a server that leaves at once (it is
 * stale, or its socket is gone) nor the monitor of one that was killed may take it for a spare. The
 * server goes on with its engine held. */
enum fork_side spares_fork(int monitor_program, const char *script, bool has_call);

/* How many wait for a call. */
int spares_waiting(void);

/* Tells of each spare that has taken a call, and forgets it. */
void spares_collect_taken(void (*taken)(pid_t monitor, pid_t executor));

/* A monitor was reaped. True: its spare was waiting still. Tells its executor where it was one of ours that
 * had not been told of. */
bool spares_lost(pid_t monitor, pid_t *executor);

/* Dismisses all that wait but so many. */
void spares_dismiss(int keep);

/* In a spare: says that it takes a call. False: it has been dismissed. */
bool spare_take(void);

/* In a spare: its end of the pair with its monitor; -1 in any other process. */
int spare_private(void);

#endif
