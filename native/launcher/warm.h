/* --warm: a server is started, or found, and nothing is run. */
#ifndef LAUNCHER_WARM_H
#define LAUNCHER_WARM_H

#include <stdnoreturn.h>

#include "call.h"
#include "request.h"

/* What initialisation prints goes to stderr, and it reads nothing of the caller's. Terminals stay what they
 * are, as it may ask about them. */
void use_streams_of_nobody(struct call *call);

/* Ends with 0 when a process waits for calls, else with 1, after a line that says why none does. */
noreturn void warm_up(struct call *call, struct conversation *conversation, struct request *request);

#endif
