/* The calls that run: whose executor has taken a call, and whose monitor has not ended. */
#ifndef PREFORK_RUNNING_H
#define PREFORK_RUNNING_H

#include <stddef.h>
#include <sys/types.h>

/* Where memory is short the call is merely not counted. */
void running_add(pid_t monitor, pid_t executor);

/* The monitor has ended. Returns its executor, or 0 where it had none of a running call. */
pid_t running_forget(pid_t monitor);

size_t running_count(void);

/* How many of them began within the last so many milliseconds. */
size_t running_young(int milliseconds);

#endif
