/* Waiting for setup's initialisation to be complete. */
#ifndef LAUNCHER_INITIALISE_H
#define LAUNCHER_INITIALISE_H

#include "greeting.h"

/* Waits for the greeting of the first call while setup runs, passes signals on, stops and goes on with it.
 * When setup ends without a greeting so does this process, the same way; when it takes too long it is ended
 * and the script is run plainly. Either way nothing stays in the directory. False: it has become a server,
 * and the first call's executor ended before it greeted: nothing of the call has run. */
bool await_initialisation(struct call *call, struct conversation *conversation);

#endif
