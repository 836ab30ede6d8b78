/* One call: what is known of it, filled in step by step by main(). */
#ifndef LAUNCHER_CALL_H
#define LAUNCHER_CALL_H

#include <sys/resource.h>
#include <sys/un.h>

#include "descriptors.h"
#include "interpreter.h"
#include "options.h"
#include "protocol.h"
#include "signals.h"
#include "standard.h"
#include "world.h"

struct call {
    struct options options;
    struct rlimit limits[PFI_LIMITS];
    int limits_unknown; /* errno */
    struct descriptors descriptors;
    struct standard standard[3];
    struct signals signals;
    struct interpreter interpreter;
    char directory[PATH_MAX]; /* where sockets live */
    int directory_fd;
    struct world world;      /* unless -g names the server */
    struct looks_name looks; /* the file that says what initialisation looks at */
    struct sockaddr_un address;
    const char *ident;  /* inside address: what follows the 's' */
    long long deadline; /* of all waiting for a server */
};

#endif
