#include "demand.h"

#include <stdint.h>

#include "monotonic.h"
#include "running.h"

/* Where so many call at once on a machine of two to four cores, the cores are what is short. */
#define SPARES_AT_DEMAND 8
/* Those that began so shortly before a call, and run still, came with it. */
#define AT_ONCE_MS 1000
/* What was needed in one period is kept through the next: hooks of an editor or an agent come every few
 * seconds. Then the memory is given back, for one or two wake-ups of the server. */
#define PERIOD_MS 10000

static struct {
    int64_t begun_ms; /* this period */
    int most;         /* at once in it */
    int most_before;  /* in the one before */
} demand;

static void enter_period(void);

void demand_note_call(void) {
    enter_period();
    size_t young = running_young(AT_ONCE_MS);
    int at_once = young < SPARES_AT_DEMAND ? (int)young : SPARES_AT_DEMAND;
    if (at_once > demand.most) demand.most = at_once;
}

/* The one that has come, if the last is over. */
static void enter_period(void) {
    int64_t now = monotonic_ms(), age = now - demand.begun_ms;
    if (age < PERIOD_MS) return;
    demand.most_before = age < 2 * PERIOD_MS ? demand.most : 0;
    demand.most = 0;
    demand.begun_ms = now;
}

int demand_spares(int least) {
    enter_period();
    int most = demand.most > demand.most_before ? demand.most : demand.most_before;
    return most > least ? most : least;
}

long long demand_time_left(int least) {
    if (demand_spares(least) == least) return -1;
    int64_t left = demand.begun_ms + PERIOD_MS - monotonic_ms();
    return left > 0 ? left : 0;
}
