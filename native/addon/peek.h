/* Reading memory that may not be there. */
#ifndef PREFORK_PEEK_H
#define PREFORK_PEEK_H

#include <stdbool.h>
#include <stddef.h>

/* Copies from an address of this process. False where nothing is mapped, and nothing else happens then. */
bool peek(const void *from, void *to, size_t size);

/* Whether this process may read its own memory so at all. */
bool peek_works(void);

#endif
