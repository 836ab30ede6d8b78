/* Processes and threads: the kernel counts both as tasks. */
#ifndef LAUNCHER_TASKS_H
#define LAUNCHER_TASKS_H

#include <stdbool.h>

#include "call.h"

/* Whether there is room for one more server, with its watcher, its spares and what a call starts, and for a
 * plain Node beside it. What cannot be found out counts as enough. */
bool has_room_for_tasks(const struct call *call);

#endif
