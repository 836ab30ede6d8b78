/* Node's own copies of the words of its command line. */
#ifndef PREFORK_WORDS_H
#define PREFORK_WORDS_H

#include <stddef.h>

/* Empties those copies of a command line (words, each ended by NUL, together `size` bytes) that libuv and
 * Node have made at start, from `kept` bytes on: what JavaScript sees of it is not among them. */
void words_forget(const char *line, size_t size, size_t kept);

#endif
