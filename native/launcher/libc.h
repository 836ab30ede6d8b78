/* Which C library a program was built for. */
#ifndef LAUNCHER_LIBC_H
#define LAUNCHER_LIBC_H

#include <stdbool.h>

/* Whether a program is loaded by musl's loader. What cannot be read, or is a script, counts as not. */
bool needs_musl(const char *program);

#endif
