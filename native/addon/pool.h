/* A pool of threads that runs V8's worker tasks, and that a fork survives. */
#ifndef PREFORK_POOL_H
#define PREFORK_POOL_H

#include <stdbool.h>

/* v8::TaskPriority */
enum task_priority { TASK_BEST_EFFORT, TASK_USER_VISIBLE, TASK_USER_BLOCKING, TASK_PRIORITIES };

/* most: threads at most. waits_for_all: pool_drain waits for tasks of every priority. */
void pool_open(int most, bool waits_for_all);

/* Takes ownership of a v8::Task. */
void pool_post(void *task, int priority);
void pool_post_delayed(void *task, int priority, double seconds);

/* Waits until the tasks that count are done. */
void pool_drain(void);
bool pool_is_busy(void);

/* Waits until nothing is queued and nothing runs. False: that takes longer. */
bool pool_finish(int milliseconds);

/* Stops taking tasks, and waits until none runs. False: one still runs after that time, and the pool goes on.
 */
bool pool_hold(int milliseconds);
void pool_release(void);

/* Round a fork, within a hold: no thread is in the middle of the queue. */
void pool_freeze(void);
void pool_thaw(void);

/* After a hold, in the child of a fork: no threads, fresh locks, what was queued still queued. */
void pool_reopen(void);

/* Takes what is queued out of the pool, one at a time; NULL at the end. Delayed tasks come with what is left
 * of their delay. */
void *pool_take_back(int *priority, double *seconds);

int pool_threads(void);

#endif
