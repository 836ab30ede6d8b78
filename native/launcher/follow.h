/* What remains after the request: being there for the script, and ending as it ends. */
#ifndef LAUNCHER_FOLLOW_H
#define LAUNCHER_FOLLOW_H

#include "greeting.h"

/* The three ways to the wait status of the script: from a monitor that speaks the extension, from one of
 * version 1, from our own child that took the call itself. */
int follow_monitor(struct call *call, struct conversation *conversation);
int follow_version_1(struct call *call, struct conversation *conversation);
int follow_setup(struct call *call, struct conversation *conversation);

#endif
