/* How much may gather in the run directory, and how many servers a user may have. Done when a server is
 * started, by the one who starts it: warm calls do not pay for it. */
#ifndef LAUNCHER_TIDY_H
#define LAUNCHER_TIDY_H

#include "call.h"

/* To be called with the call's own lock held and its socket bound. Removes the oldest idents beyond 100 that
 * have no live server, each under its lock; and takes the sockets of the servers that have been idle longest,
 * beyond the limit of live ones, so that they leave. What is locked is in use, and is passed over. */
void tidy(const struct call *call);

/* Takes the socket of the server that has been idle longest, so that it leaves. False: there is none. */
bool retire_one(const struct call *call);

/* Removes the file of what initialisation looked at if no server of the script is left. */
void forget_looks(const struct call *call);

#endif
