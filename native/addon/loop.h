/* Node's event loop across the fork. */
#ifndef PREFORK_LOOP_H
#define PREFORK_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct uv_loop_s;

/* Whether libuv's structures have the shape that is relied on. */
bool loop_is_as_expected(void);

/* The numbers of signals that have come for a handle of the loop, and that it has not been told of yet:
 * uv_loop_fork forgets them. SIGCHLD is left out, as no executor has the children of its server. */
void loop_caught_signals(struct uv_loop_s *loop, void (*note)(int number));

/* In the executor, before the loop is used for anything else. False: the loop is lost. */
bool loop_survive_fork(struct uv_loop_s *loop);

/* All timers of libuv's fire by so many milliseconds later, and those that are made from now on count from
 * now: the loop has not looked at the clock since the fork of its server, and what V8 has queued by then
 * becomes a timer before it looks again. (Node 20 collected its heap in every call of a server older than
 * eight seconds, if the server had been called some twenty times in a row: 11 ms instead of 1.7.) */
void loop_postpone_timers(struct uv_loop_s *loop, uint64_t milliseconds);

#endif
