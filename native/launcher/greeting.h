/* The first bytes from the other side. */
#ifndef LAUNCHER_GREETING_H
#define LAUNCHER_GREETING_H

#include <stdbool.h>
#include <sys/types.h>

#include "call.h"

/* Whom we talk with. */
struct conversation {
    int fd;
    pid_t server;         /* as the socket says, 0 when it cannot be looked at */
    pid_t setup;          /* our child, 0 on a warm call */
    bool extended;        /* the other side offered node1 */
    const char *unforked; /* setup adopts the call itself, and why; else null */
    char greeting[8 + PFI_EXTRA_MAX + 1];
};

/* Waits for the greeting until the call's deadline and reads it. False: the connection ended before it was
 * complete, so nothing has run and nothing will. Runs the script plainly when nobody answers, or somebody
 * else does. */
bool read_greeting(struct call *call, struct conversation *conversation);

#endif
