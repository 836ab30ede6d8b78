/* Changes of our child. */
#ifndef LAUNCHER_WAIT_H
#define LAUNCHER_WAIT_H

#include <stdbool.h>
#include <sys/types.h>

struct child_change {
    bool stopped; /* by signal */
    bool ended;   /* as status says */
    int signal;
    int status;
};

/* Takes the next change without waiting. False: there is none. */
bool wait_for_child(pid_t child, struct child_change *change);

#endif
