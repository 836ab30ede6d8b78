/* The parts of an ident in words: a line each, for whoever compares two of them. */
#ifndef PREFORK_PARTS_H
#define PREFORK_PARTS_H

#include <stdbool.h>
#include <stddef.h>

#define PARTS_MAX (32 << 10)

struct parts {
    char
        text[PARTS_MAX + 1]; /* lines `ITEM: VALUE`, each ended by a newline; what does not fit is left out */
    size_t size;
};

/* Adds a line. Of control characters a question mark is shown. */
void parts_add(struct parts *parts, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a line with the first bytes of the data's hash. It may be a secret (NODE_AUTH_TOKEN), and what is told
 * may come into a log; but whoever compares two calls sees which item differs. name is shown before it. */
void parts_add_digest(struct parts *parts, const char *label, const char *name, size_t length,
                      const void *data, size_t size);

/* Adds an item of the world. */
void parts_add_world(struct parts *parts, const char *label, const void *data, size_t size);

#endif
