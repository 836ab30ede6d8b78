/*
 * What a process has from its parent and cannot give itself: an executor must have no more rights and no
 * other bounds than a plain run would have. What a process can set for itself travels with the request and is
 * not here: umask, soft limits, arguments.
 */
#ifndef LAUNCHER_INHERITED_H
#define LAUNCHER_INHERITED_H

#include "call.h"
#include "items.h"

/* User, namespaces, confinement, hard limits, scheduling and the rest. */
void add_inherited(struct items *items, const struct call *call);

#endif
