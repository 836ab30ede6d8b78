/* Which server answers a call. */
#ifndef LAUNCHER_IDENT_H
#define LAUNCHER_IDENT_H

#include <stdbool.h>
#include <stdnoreturn.h>

#include "call.h"

/* Sets the socket's address and the ident in it: -g's, or the hash of everything that a process cannot take
 * over from its caller afterwards and that a script may have looked at while it was initialised. */
void name_server(struct call *call);

/* The same again: an initialisation may have looked at more meanwhile, so that the call's server has another
 * name. True if it has. */
bool rename_server(struct call *call);

/* --explain: the ident and, a line each, what it covers. Does not come back. */
noreturn void print_ident(struct call *call);

/* With PREFORK_INTERP_DEBUG=1: says what the ident is and what it covers, a line an item. */
void explain_ident(struct call *call);

#endif
