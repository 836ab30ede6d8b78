/* Standing still, as the script does. */
#ifndef LAUNCHER_STOP_H
#define LAUNCHER_STOP_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether a process stands still, by a signal or in the hands of a debugger. One that cannot be looked at
 * does not. */
bool is_stopped(pid_t pid);

/* Stops this process with a signal, as one that it has the default action for, until it is continued, and
 * tells by whom (0: by nobody who can be named). False: it did not stop, since its group is orphaned. */
bool stop_self(int number, pid_t *continued_by);

/* The same as long as setup, our child, stands still: whatever continues one continues both. */
void stop_with_setup(pid_t setup, int number);

#endif
