/* The fork itself. */
#ifndef PREFORK_FORK_H
#define PREFORK_FORK_H

#include "engine.h"

/* Whether an io_uring is mapped in this process. */
bool fork_sees_io_uring(void);

enum fork_side fork_pair(const struct fork_plan *plan, pid_t *monitor_pid, pid_t *executor_pid);

/* As engine_leave_parent, without the pool. */
bool fork_leaving_parent(void);

#endif
