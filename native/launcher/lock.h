/* One launcher at a time starts the server of an ident. */
#ifndef LAUNCHER_LOCK_H
#define LAUNCHER_LOCK_H

#include "call.h"

/* Takes the lock before the call's deadline; past it runs the script plainly (or ends, with --kill). */
int take_lock(struct call *call);

void release_lock(int lock);

#endif
