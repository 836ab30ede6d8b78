/* How the client stands with its shell, and whether the script reads behind that shell's back: both only
 * /proc tells. */
#ifndef MONITOR_STANDING_H
#define MONITOR_STANDING_H

#include <stdbool.h>
#include <sys/types.h>

struct standing {
    bool stopped;
    bool traced;     /* and held by its tracer, which may be how a stop looks from outside */
    bool background; /* of its terminal */
    dev_t terminal;  /* its controlling terminal, or 0 */
};

/* False: it cannot be said. */
bool find_standing(pid_t client, struct standing *standing);

/* Whether a thread of this process waits for input from the terminal, in a read or in an epoll. */
bool reads_terminal(pid_t pid, dev_t terminal);

#endif
