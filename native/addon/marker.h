/* The marker of a script that cannot be forked: read by the launcher (native/launcher), which then runs the
 * script plainly for a minute, or until one of the files named in it changes. */
#ifndef PREFORK_MARKER_H
#define PREFORK_MARKER_H

#include <stdbool.h>

#include "stale.h"

/* Writes it whole or not at all. Returns false when it could not. */
bool marker_write(const struct stale *stale, const char *path, const char *reason);

#endif
