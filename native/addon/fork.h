/* The fork itself. */
#ifndef PREFORK_FORK_H
#define PREFORK_FORK_H

#include "engine.h"

enum fork_side fork_pair(const struct fork_plan *plan, pid_t *monitor_pid, pid_t *executor_pid);

#endif
