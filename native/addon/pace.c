#include "pace.h"

#include <stdint.h>

#include "monotonic.h"

/* A refill competes with the call that made it necessary for two cores and for the page tables: it waits this
 * long while a spare is left, or nobody is waiting. In the prototype that took 2 of 4.6 ms off a call; here
 * it has not been measured by itself. */
#define REFILL_DELAY_MS 8
/* What V8's workers still have to do for the server, and what later calls need, takes a core for a while (a
 * collection, hundreds of watches, a watcher's start), which the first call is not to share: it comes after
 * that call, or this late. The first call does not ask for edits; what has changed before the watches stand
 * shows when all is compared then. */
#define CALM_DELAY_MS 200
#define SETBACK_MS 500
/* So many calls in so long a time: the processors are busy. A spare then prepares itself only once no call
 * has come for a while (server_is_called). */
#define RUSH_CALLS 4
#define RUSH_MS 60

static struct {
    bool calm;
    bool waits;
    int64_t due_ms;
    int64_t begun_ms[RUSH_CALLS]; /* the last calls */
    unsigned begun;
} pace;

static void wait_for(int milliseconds) {
    pace.waits = true;
    pace.due_ms = monotonic_ms() + milliseconds;
}

void pace_first_call_begins(void) {
    wait_for(CALM_DELAY_MS);
}

void pace_call_begins(void) {
    pace.begun_ms[pace.begun++ % RUSH_CALLS] = monotonic_ms();
    wait_for(pace.calm ? REFILL_DELAY_MS : CALM_DELAY_MS);
}

void pace_call_ends(void) {
    if (!pace.calm) wait_for(REFILL_DELAY_MS);
}

void pace_setback(void) {
    wait_for(SETBACK_MS);
}

void pace_calm_down(void) {
    pace.calm = true;
}

bool pace_is_calm(void) {
    return pace.calm;
}

bool pace_allows(void) {
    return !pace.waits || monotonic_ms() >= pace.due_ms;
}

long long pace_time_left(void) {
    if (!pace.waits) return -1;
    int64_t left = pace.due_ms - monotonic_ms();
    return left > 0 ? left : 0;
}

bool pace_passes(void) {
    if (pace_allows()) pace.waits = false;
    return !pace.waits;
}

/* The oldest is overwritten next. */
bool pace_is_rush(void) {
    return pace.begun >= RUSH_CALLS && monotonic_ms() - pace.begun_ms[pace.begun % RUSH_CALLS] < RUSH_MS;
}
