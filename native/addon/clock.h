/*
 * Where Node counts its time from. An executor has the server's start, which may be hours ago, until its call
 * begins. docs/fork.md has what is known of it.
 */
#ifndef PREFORK_CLOCK_H
#define PREFORK_CLOCK_H

struct uv_loop_s;

/* In the server, when initialisation is complete; of node::Environment and its loop. Returns NULL, or what
 * was not found (then nothing of it changes in calls). */
const char *clock_prepare(void *environment, struct uv_loop_s *loop);

/* In an executor: the process has started now, as far as performance and process.uptime() tell, and no time
 * has gone by for pending timers since initialisation was complete. */
void clock_restart(void);

#endif
