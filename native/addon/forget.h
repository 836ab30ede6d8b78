/* What a server had from its first caller and no later call needs. */
#ifndef PREFORK_FORGET_H
#define PREFORK_FORGET_H

#include <stddef.h>

/* The environment that the process was started with, as it lies in memory. */
void forget_note_environment(const char *strings, size_t size);

/* Which of its variables initialisation has looked at, and with that knows; lets go of what else the launcher
 * has written behind the notes. */
void forget_take_notes(int fd);

/* In the server, once the first call is another process: overwrites the variables that nobody has looked at,
 * and leaves the caller's directory, so that it can be unmounted. */
void forget_caller(void);

#endif
