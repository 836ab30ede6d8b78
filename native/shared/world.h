/* What tells the callers of one script apart, and the name of the server that answers one of them. */
#ifndef PREFORK_WORLD_H
#define PREFORK_WORLD_H

#include "looks.h"
#include "parts.h"
#include "protocol.h"
#include "sha256.h"

#define IDENT_DIGITS (2 * SHA256_SIZE)
/* Fewer are given where the path would be too long for a socket, but no fewer than these. */
#define IDENT_DIGITS_MIN 33

struct world {
    uint8_t base[SHA256_SIZE]; /* the hash of everything that counts whatever initialisation looks at */
    uint64_t directory[2];     /* whereabouts.h */
    bool any_directory;        /* -C: it does not count */
    bool terminals[3];
    uint32_t umask;           /* where the looks have it */
    char *const *environment; /* as the caller gave it, ended by null */
};

/*
 * The ident: a server listens only under one whose looks have all that its own initialisation looked at. So
 * who finds a server by looks of his own has the same answers to all of them, whatever else has been in the
 * file. Digits 20 to 31 are the script's: the same in all of its worlds (ident_is_of).
 */
void world_ident(const struct world *world, const struct looks *looks, char ident[IDENT_DIGITS + 1],
                 struct parts *parts);

/* The name of the looks file of a base: w and its digits. */
struct looks_name {
    char text[1 + IDENT_DIGITS + 1];
};
struct looks_name looks_name(const uint8_t base[SHA256_SIZE]);

/* Whether an ident is one of those whose looks are in the file of this name. */
bool ident_is_of(const char *ident, const char *looks_name);

#endif
