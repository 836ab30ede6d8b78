/* How large a program's variable is, by its name. */
#ifndef PREFORK_SYMBOL_SIZE_H
#define PREFORK_SYMBOL_SIZE_H

#include <stddef.h>

/* `address` is that of the symbol, as dlsym gave it. 0: its object has no such symbol, or no GNU hash table.
 */
size_t symbol_size(const char *name, const void *address);

#endif
