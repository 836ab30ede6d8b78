/* Why a call cannot be shared from the start. */
#ifndef LAUNCHER_OBSTACLE_H
#define LAUNCHER_OBSTACLE_H

#include "call.h"

/* Runs the script plainly if there is no use in trying a server; comes back otherwise. */
void check_obstacles(struct call *call);

/* The same for a script that cannot be read: the interpreter says it best. Asked only when no server is
 * there. */
void check_script(struct call *call);

/* The same where the observer is missing: an edit of what the script imports could be missed. Asked only when
 * a server would have to be started. */
void check_observer(struct call *call);

#endif
