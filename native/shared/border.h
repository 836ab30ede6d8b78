/* The border of a sandbox that shows nowhere in /proc. */
#ifndef SHARED_BORDER_H
#define SHARED_BORDER_H

#include <stdbool.h>
#include <sys/types.h>

/* Whether this process is in a sandbox (a Landlock domain) that the other is not in. Each end of a call asks
 * of the other: both say no where they are in the same, or in none. */
bool is_outside_of_sandbox(pid_t other);

#endif
