/* What an earlier run found out: that the script cannot be forked. */
#ifndef LAUNCHER_MARKER_H
#define LAUNCHER_MARKER_H

#include "call.h"

/* The reason for which it then runs plainly. */
#define CANNOT_BE_FORKED "it cannot be forked: %s"

/* Runs the script plainly if it is marked as unforkable and none of its files has changed since. Removes a
 * marker that no longer holds. */
void check_marker(struct call *call);

#endif
