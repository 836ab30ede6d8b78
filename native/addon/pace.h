/* When the server forks its next spare, and how busy its callers are. */
#ifndef PREFORK_PACE_H
#define PREFORK_PACE_H

#include <stdbool.h>

/* These make a refill wait. */
void pace_first_call_begins(void);
void pace_call_begins(void);
void pace_call_ends(void);
void pace_setback(void); /* a fork failed, or a spare ended without a call */

/* What the first call was not to share its cores with is being done: from here on refills wait for a call's
 * start only. */
void pace_calm_down(void);
bool pace_is_calm(void);

/* Whether a refill waits no longer. */
bool pace_allows(void);

/* Milliseconds until then; -1: nothing waits. */
long long pace_time_left(void);

/* Its moment has come, and the server has looked: nothing waits until the next call. True also where nothing
 * did. */
bool pace_passes(void);

/* Calls come so fast that what a spare does ahead of its call would take from those that run. */
bool pace_is_rush(void);

#endif
