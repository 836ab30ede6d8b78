/* Which threads there are in this process: a fork keeps only one. */
#ifndef PREFORK_THREADS_H
#define PREFORK_THREADS_H

#include <stdbool.h>

/* At library load. Returns NULL, or why these are not just Node's own (a static string). */
const char *threads_note_baseline(int node_workers);

/* Later: the same question, own being threads of ours. */
const char *threads_unexpected(int own);

/* Whether libuv's thread pool ran when one of these two looked, here or in the process this one was forked
 * from. */
bool threads_include_uv_pool(void);

/* In the child of a fork: one thread is left. */
void threads_died(void);

#endif
