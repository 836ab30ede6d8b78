/* Getting hold of an executor: a waiting one, or the first of a server that is started for it. */
#ifndef LAUNCHER_REACH_H
#define LAUNCHER_REACH_H

#include <stdnoreturn.h>

#include "request.h"

/* Comes back with a greeting read and the request ready; runs the script plainly, or ends, when there is no
 * way to get one. */
void reach_executor(struct call *call, struct conversation *conversation, struct request *request);

/* Ends the server, if there is one, by removing its files: it notices. Does not come back. */
noreturn void end_server(struct call *call);

#endif
