/* The marker of a script that is better run plainly, as it cannot be forked or does not leave alone what it
 * has looked at: read by the launcher (native/launcher), which then runs the script plainly for a minute, or
 * until one of the files named in it changes. */
#ifndef PREFORK_MARKER_H
#define PREFORK_MARKER_H

#include <stdbool.h>

#include "stale.h"

/* Writes it whole or not at all. Returns false when it could not. */
bool marker_write(const struct stale *stale, const char *path, const char *reason);

/* The server at this socket begins. */
void marker_open(const char *socket);

/* It leaves. If what its initialisation wrote itself has changed before there was a second call, its name is
 * told, else null. When that happens to two servers one after the other, the script is run plainly for a
 * while: else each call would start a server. */
void marker_note_leaving(const struct stale *stale, const char *own);

#endif
