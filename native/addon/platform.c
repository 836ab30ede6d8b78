#include "platform.h"
#include "pool.h"
#include "symbols.h"
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Enough for any v8::SourceLocation; all empty. */
static const void *const no_location[8];

static struct {
    void *object;
    const void *const *original; /* what the object's vtable pointer was */
    const void **copy;           /* ours, from its head: offset to top, type information, methods */
    int workers;
    bool taken_over;
} platform;

#define VTABLE_HEAD 2

static const void **vtable_of(void *object) {
    return *(const void ***)object;
}

static void set_vtable(void *object, const void *const *vtable) {
    __atomic_store_n((const void *const **)object, vtable, __ATOMIC_RELEASE);
}

static void *take(void **unique_pointer) {
    void *task = *unique_pointer;
    *unique_pointer = NULL;
    return task;
}

/* Node 20. */
static void call_on_worker(void *self, void **task) {
    (void)self;
    pool_post(take(task), TASK_USER_VISIBLE);
}

static void call_delayed_on_worker(void *self, void **task, double seconds) {
    (void)self;
    pool_post_delayed(take(task), TASK_USER_VISIBLE, seconds);
}

/* Node 22 and later. */
static void post_on_worker(void *self, int priority, void **task, const void *location) {
    (void)self, (void)location;
    pool_post(take(task), priority);
}

static void post_delayed_on_worker(void *self, int priority, void **task, double seconds,
                                   const void *location) {
    (void)self, (void)location;
    pool_post_delayed(take(task), priority, seconds);
}

static struct {
    pthread_mutex_t lock;
    pthread_cond_t all_here;
    int arrived;
    int generation; /* tasks of an earlier one wait for nobody */
} barrier = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* Once all of Node's workers rest its own queue is empty for good, and its lock is left alone: a worker on
 * its way to sleep may have held it at the fork. */
static void drain(void *self, void *isolate) {
    do {
        if (!platform_is_at_rest(0)) node.drain(self, isolate);
        pool_drain();
    } while (node.flush_foreground(self, isolate));
}

static bool replace_slot(const void **methods, size_t count, const void *from, const void *to) {
    if (!from) return true;
    for (size_t i = 0; i < count; i++)
        if (methods[i] == from) {
            methods[i] = to;
            return true;
        }
    return false;
}

static bool fill_copy(void) {
    size_t count = node.platform_vtable_size / sizeof(void *) - VTABLE_HEAD;
    const void **methods = platform.copy + VTABLE_HEAD;
    return replace_slot(methods, count, (const void *)node.drain, (const void *)drain) &&
           replace_slot(methods, count, (const void *)node.call_on_worker, (const void *)call_on_worker) &&
           replace_slot(methods, count, (const void *)node.post_on_worker, (const void *)post_on_worker) &&
           replace_slot(methods, count, (const void *)node.call_delayed_on_worker,
                        (const void *)call_delayed_on_worker) &&
           replace_slot(methods, count, (const void *)node.post_delayed_on_worker,
                        (const void *)post_delayed_on_worker);
}

const char *platform_examine(void *node_platform) {
    const void *const *original = (const void *const *)node.platform_vtable + VTABLE_HEAD;
    if (!node_platform || vtable_of(node_platform) != (const void **)original)
        return "this process's V8 platform is not Node's own";
    platform.object = node_platform;
    platform.original = original;
    platform.copy = malloc(node.platform_vtable_size);
    if (!platform.copy) return "out of memory";
    memcpy(platform.copy, node.platform_vtable, node.platform_vtable_size);
    if (!fill_copy()) return "Node's platform vtable is not as expected";
    /* The scheduler of delayed tasks is counted among them, and takes no tasks itself. */
    platform.workers = node.number_of_workers(node_platform) - 1;
    return NULL;
}

/* A v8::Task of our own. */
struct barrier_task {
    void (*const *methods)(void *);
    int generation;
};

static void destroy_task(void *task) {
    (void)task;
}

static void delete_task(void *task) {
    free(task);
}

static void wait_for_the_others(void *task) {
    const struct barrier_task *self = task;
    pthread_mutex_lock(&barrier.lock);
    bool counts = self->generation == barrier.generation;
    if (counts && __atomic_add_fetch(&barrier.arrived, 1, __ATOMIC_ACQ_REL) >= platform.workers)
        pthread_cond_broadcast(&barrier.all_here);
    while (self->generation == barrier.generation && barrier.arrived < platform.workers)
        pthread_cond_wait(&barrier.all_here, &barrier.lock);
    pthread_mutex_unlock(&barrier.lock);
}

/* Node stops its workers before it joins them: one that had not come to its barrier yet never does, and those
 * that wait for it would never end. */
static void open_barrier(void) {
    pthread_mutex_lock(&barrier.lock);
    barrier.generation++;
    pthread_cond_broadcast(&barrier.all_here);
    pthread_mutex_unlock(&barrier.lock);
}

static void (*const barrier_methods[])(void *) = {destroy_task, delete_task, wait_for_the_others};

static void post_to_node(void *task, int priority, double seconds) {
    void *unique_pointer = task;
    if (node.call_on_worker && seconds > 0)
        node.call_delayed_on_worker(platform.object, &unique_pointer, seconds);
    else if (node.call_on_worker)
        node.call_on_worker(platform.object, &unique_pointer);
    else if (seconds > 0)
        node.post_delayed_on_worker(platform.object, priority, &unique_pointer, seconds, no_location);
    else
        node.post_on_worker(platform.object, priority, &unique_pointer, no_location);
}

/* Behind whatever Node's workers still have to do: the lowest priority comes last. */
static void post_barrier(void) {
    for (int i = 0; i < platform.workers; i++) {
        struct barrier_task *task = malloc(sizeof *task);
        if (!task) abort();
        *task = (struct barrier_task){barrier_methods, barrier.generation};
        post_to_node(task, TASK_BEST_EFFORT, 0);
    }
}

/* Waits for it have a limit, and somebody may set the clock that they would go by otherwise. */
static void make_barrier(void) {
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&barrier.all_here, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void platform_take_over(bool drain_waits_for_all) {
    static bool opened;
    if (!opened) {
        make_barrier();
        pool_open(platform.workers, drain_waits_for_all);
    }
    opened = true;
    barrier.arrived = 0;
    platform.taken_over = true;
    set_vtable(platform.object, (const void *const *)platform.copy + VTABLE_HEAD);
    post_barrier();
}

/* Without the lock: in an executor it may be held for ever by a worker that was on its way out of the
 * barrier. */
static bool all_arrived(void) {
    return __atomic_load_n(&barrier.arrived, __ATOMIC_ACQUIRE) >= platform.workers;
}

bool platform_is_at_rest(int milliseconds) {
    struct timespec deadline;
    int error = 0;
    if (all_arrived()) return true;
    if (milliseconds <= 0) return false;
    clock_gettime(CLOCK_MONOTONIC, &deadline);
    deadline.tv_nsec += milliseconds * 1000000l;
    deadline.tv_sec += deadline.tv_nsec / 1000000000l;
    deadline.tv_nsec %= 1000000000l;
    pthread_mutex_lock(&barrier.lock);
    while (!all_arrived() && error == 0)
        error = pthread_cond_timedwait(&barrier.all_here, &barrier.lock, &deadline);
    pthread_mutex_unlock(&barrier.lock);
    return all_arrived();
}

void platform_give_back(void) {
    int priority;
    double seconds;
    void *task;
    if (!platform.taken_over) return;
    set_vtable(platform.object, platform.original);
    platform.taken_over = false;
    open_barrier();
    while ((task = pool_take_back(&priority, &seconds)))
        post_to_node(task, priority, seconds);
}

static void outlive(void *self) {
    (void)self;
}

void platform_never_dies(void) {
    size_t count = node.platform_vtable_size / sizeof(void *) - VTABLE_HEAD;
    const void **methods = platform.copy + VTABLE_HEAD;
    replace_slot(methods, count, (const void *)node.destroy_platform, (const void *)outlive);
    replace_slot(methods, count, (const void *)node.delete_platform, (const void *)outlive);
}

bool platform_is_taken_over(void) {
    return platform.taken_over;
}

int platform_workers(void) {
    return platform.workers;
}
