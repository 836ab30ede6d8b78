#include "clock.h"

#include <malloc.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#include "loop.h"
#include "monotonic.h"
#include "peek.h"
#include "symbols.h"

/* Beyond the size of any node::Environment so far (3.5 KB), in words. */
#define ENVIRONMENT_MOST 8192
/* node::performance::PerformanceState begins with its arrays' descriptions. */
#define STATE_WORDS 16

/* node::performance::PerformanceMilestone: in microseconds since 1970, then in nanoseconds of
 * CLOCK_MONOTONIC; -1 for what has not happened. */
enum { ORIGIN_TIMESTAMP, ORIGIN, MILESTONES = 8 };

/* Part of node::Environment. */
struct origin {
    uint64_t time;
    double timestamp;
    uint64_t environment_start;
    uintptr_t *performance_state;
};

static struct {
    struct origin *origin;
    double *milestones;
    uint64_t *timer_base;   /* what Node's timers count from, in milliseconds of the loop's time */
    uint64_t base, settled; /* timer_base, and the time when initialisation was complete */
    struct uv_loop_s *loop;
    uint64_t restarted; /* when its timers were postponed last, at first as settled */
} clocks;

/* Since 1970. */
static double microseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (double)now.tv_sec * 1e6 + (double)(now.tv_nsec / 1000);
}

static double *find_milestones(const struct origin *origin) {
    uintptr_t state[STATE_WORDS];
    if (!peek(origin->performance_state, state, sizeof state)) return NULL;
    for (int i = 0; i < STATE_WORDS; i++) {
        double milestones[MILESTONES];
        if (state[i] % sizeof(double) == 0 && peek((void *)state[i], milestones, sizeof milestones) &&
            milestones[ORIGIN_TIMESTAMP] == origin->timestamp && milestones[ORIGIN] == (double)origin->time)
            return (double *)state[i];
    }
    return NULL;
}

static bool find_origin(uint64_t *environment, size_t words) {
    for (size_t i = 0; i + sizeof(struct origin) / sizeof(uint64_t) <= words; i++) {
        struct origin *origin = (struct origin *)&environment[i];
        if (origin->time != *node.process_start || origin->timestamp != *node.process_start_timestamp)
            continue;
        clocks.milestones = find_milestones(origin);
        clocks.origin = origin;
        return clocks.milestones != NULL;
    }
    return false;
}

/* A word may look like it by chance: one that Node counts from changes what Node says. */
static bool find_timer_base(uint64_t *environment, size_t words, const struct uv_loop_s *loop) {
    uint64_t now = node.timer_now(environment), base = node.loop_now(loop) - now;
    for (size_t i = 0; i < words; i++) {
        if (environment[i] != base) continue;
        environment[i]--;
        bool moves = node.timer_now(environment) + environment[i] == node.loop_now(loop);
        environment[i]++;
        if (!moves) continue;
        clocks.timer_base = &environment[i];
        clocks.base = base;
        clocks.settled = (uint64_t)monotonic_ms();
        return true;
    }
    return false;
}

const char *clock_prepare(void *environment, struct uv_loop_s *loop) {
    size_t words = malloc_usable_size(environment) / sizeof(uint64_t);
    if (words > ENVIRONMENT_MOST) words = ENVIRONMENT_MOST;
    if (!node.process_start || !node.process_start_timestamp || !node.start_time || !node.timer_now)
        return "Node's clocks have other names";
    if (!find_origin(environment, words)) return "where performance.timeOrigin is kept was not found";
    if (!find_timer_base(environment, words, loop)) return "what timers count from was not found";
    clocks.loop = loop;
    clocks.restarted = clocks.settled;
    return NULL;
}

void clock_restart(void) {
    if (!clocks.timer_base) return;
    uint64_t now = (uint64_t)monotonic_ns();
    double timestamp = microseconds();
    *node.start_time = *node.process_start = now;
    *node.process_start_timestamp = timestamp;
    clocks.origin->time = now;
    clocks.origin->timestamp = timestamp;
    for (int i = 0; i < MILESTONES; i++)
        if (clocks.milestones[i] > 0) clocks.milestones[i] = i == ORIGIN_TIMESTAMP ? timestamp : (double)now;
    *clocks.timer_base = clocks.base + (now / 1000000 - clocks.settled);
    loop_postpone_timers(clocks.loop, now / 1000000 - clocks.restarted);
    clocks.restarted = now / 1000000;
}
