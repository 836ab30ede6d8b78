/* Which threads there are in this process: a fork keeps only one. */
#ifndef PREFORK_THREADS_H
#define PREFORK_THREADS_H

#include <stdbool.h>

/* At library load. Returns NULL, or why these are not just Node's own (a static string). */
const char *threads_note_baseline(int node_workers);

/* Later: the same question. `own` tells how many threads of ours there are. */
const char *threads_unexpected(int (*own)(void));

/* Just before a fork, and cheap: notes whether libuv's thread pool has been started since. */
void threads_look_again(int own);

/* Whether libuv's thread pool ran when one of these looked, here or in the process this one was forked from.
 */
bool threads_include_uv_pool(void);

/* How many there are, the kernel's helpers included; -1 if that cannot be had. */
int threads_running(void);

/* In the child of a fork: one thread is left. */
void threads_died(void);

#endif
