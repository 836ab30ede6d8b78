/* The items of a base: each goes into its hash, and in words to whoever wants to see them. */
#ifndef LAUNCHER_ITEMS_H
#define LAUNCHER_ITEMS_H

#include <stddef.h>

#include "parts.h"
#include "sha256.h"

struct items {
    struct sha256 hash;
    char problem[96];    /* what could not be asked for: then there is no ident */
    struct parts *parts; /* null: not wanted in words */
};

/* Bytes that say nothing to a reader: their digest is shown. */
void add_item(struct items *items, const char *label, const void *data, size_t size);

void add_text(struct items *items, const char *label, const char *text);

/* NAME=VALUE: the value may be a secret, and its digest is shown. */
void add_variable(struct items *items, const char *label, const char *variable);

void add_number(struct items *items, const char *label, long long number);

/* Which directory it is, whatever it is called; "" is the current one. */
void add_directory(struct items *items, const char *label, const char *path);

#endif
