/*
 * What counts always for which server answers, whatever initialisation looked at: two calls share a server
 * only if the executor has the rights and bounds that a plain run would have. What initialisation looked at
 * is the world's (world.h); where nobody can note it, for another interpreter, a fixed list of variables, the
 * directory and the terminals are in here.
 */
#ifndef LAUNCHER_BASE_H
#define LAUNCHER_BASE_H

#include <stdint.h>

#include "call.h"
#include "parts.h"
#include "sha256.h"

/* parts: gets the same in words, a line an item; null: not wanted. Null, or what a sandbox keeps from us. */
const char *hash_base(const struct call *call, uint8_t digest[SHA256_SIZE], struct parts *parts);

#endif
