/* Files that initialisation has left open. A fork shares their offsets with its siblings, so that what one
 * call reads, the next would not. */
#ifndef PREFORK_FILES_H
#define PREFORK_FILES_H

#include <stdbool.h>
#include <stddef.h>

#include "stale.h"

/* In the server: NULL, or what is open that executors can neither share nor open anew (a string that stays
 * valid until the next call). `ours` are the descriptors that the launcher gave. Files that are only read,
 * and directories, are noted for files_become_private. */
const char *files_unforkable(const int *ours, size_t count);

/* After it, in the server: names of files that are only appended to must go on to lead to them. */
void files_hold(struct stale *stale);

/* In an executor: opens what was noted and is still open anew, at the same place and under the same number.
 * Returns NULL or why it cannot (a string that stays valid). */
const char *files_become_private(void);

#endif
