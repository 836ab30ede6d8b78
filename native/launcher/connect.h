/* The way to a server that is there. */
#ifndef LAUNCHER_CONNECT_H
#define LAUNCHER_CONNECT_H

#include "greeting.h"

/* Connects, and checks that the server is ours. False: there is none. Runs the script plainly if there is one
 * that cannot be used. */
bool connect_server(struct call *call, struct conversation *conversation);

#endif
