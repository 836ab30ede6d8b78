/* The server's name: the ident that those callers look for whose world is the one that was initialised in. */
#ifndef PREFORK_NAMING_H
#define PREFORK_NAMING_H

#include <limits.h>
#include <stdbool.h>

#include "looks.h"
#include "parts.h"

struct naming {
    char path[PATH_MAX]; /* of the socket of this name */
    bool served;         /* the server may listen there; else this process can only be its first call */
    struct parts parts;  /* of the name, in words */
    char problem[256];   /* why; empty where another server of this name is there, or is being started */
};

/*
 * To be called when initialisation is complete and before anything is accepted. Publishes what it looked at,
 * and moves the listening socket to its true name: the number stays the same. Where the script is not
 * forkable it only publishes. own: what it looked at; empty but for what the script wants to be ignored.
 */
void naming_take(int listener, int notes, bool forkable, struct looks *own, struct naming *naming);

/* Nobody is served here: takes the name away and lets those start over who wait. */
void naming_give_up(int listener);

#endif
