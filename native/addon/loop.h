/* Node's event loop across the fork. */
#ifndef PREFORK_LOOP_H
#define PREFORK_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct uv_loop_s;

/* Whether libuv's structures have the shape that is relied on. */
bool loop_is_as_expected(void);

/* In the executor, before the loop is used for anything else. False: the loop is lost. */
bool loop_survive_fork(struct uv_loop_s *loop);

/* All timers of libuv's fire by so many milliseconds later. */
void loop_postpone_timers(struct uv_loop_s *loop, uint64_t milliseconds);

#endif
