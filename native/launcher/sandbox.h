/* Whether a call may use a server that is there. */
#ifndef LAUNCHER_SANDBOX_H
#define LAUNCHER_SANDBOX_H

#include "greeting.h"

/* Runs the script plainly if the server is on the other side of a sandbox's border. The ident sees to most of
 * that; this is for what the ident cannot cover. */
void check_sandbox(struct call *call, const struct conversation *conversation);

#endif
