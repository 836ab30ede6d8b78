/* Node's V8 platform, made to use our pool instead of its own workers. */
#ifndef PREFORK_PLATFORM_H
#define PREFORK_PLATFORM_H

#include <stdbool.h>

/* Looks only. Returns NULL, or why this platform cannot be taken over (a static string). */
const char *platform_examine(void *node_platform);

/* Worker tasks go to our pool from now on, and Node's workers are asked to come to rest. */
void platform_take_over(bool drain_waits_for_all);

/* Whether Node's own workers rest: they run nothing, and will never again. Waits so long at most. */
bool platform_is_at_rest(int milliseconds);

/* Worker tasks go to Node's workers again, those that are queued too. */
void platform_give_back(void);

/* In the executor: Node 26 deletes its platform in a static destructor, and that joins threads that died in
 * the fork. */
void platform_never_dies(void);

bool platform_is_taken_over(void);
int platform_workers(void);

#endif
