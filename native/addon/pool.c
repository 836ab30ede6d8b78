#include "pool.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "monotonic.h"

/* Node gives its own workers as much; Turbofan recurses deeply. */
#define STACK_SIZE ((size_t)8 << 20)

#define NANOSECONDS 1000000000ll

struct entry {
    struct entry *next;
    void *task;
    int priority;
    int64_t due; /* of a delayed task, on the monotonic clock */
};

struct queue {
    struct entry *first;
    struct entry **end;
};

static struct {
    pthread_mutex_t lock;
    pthread_cond_t work; /* something to take */
    pthread_cond_t done; /* a task ended */
    struct queue ready[TASK_PRIORITIES];
    struct entry *delayed; /* earliest first */
    int most, threads, waiting, running;
    int queued;
    int awaited; /* tasks queued or running that pool_drain waits for */
    bool held, waits_for_all;
} pool;

static void make_locks(void) {
    pthread_condattr_t monotonic;
    pthread_mutex_init(&pool.lock, NULL);
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&pool.work, &monotonic);
    pthread_cond_init(&pool.done, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

void pool_open(int most, bool waits_for_all) {
    make_locks();
    for (int i = 0; i < TASK_PRIORITIES; i++)
        pool.ready[i].end = &pool.ready[i].first;
    pool.most = most;
    pool.waits_for_all = waits_for_all;
}

static bool counts(const struct entry *entry) {
    return pool.waits_for_all || entry->priority == TASK_USER_BLOCKING;
}

static void enqueue(struct entry *entry) {
    struct queue *queue = &pool.ready[entry->priority];
    entry->next = NULL;
    *queue->end = entry;
    queue->end = &entry->next;
    pool.queued++;
    if (counts(entry)) pool.awaited++;
}

static struct entry *dequeue(void) {
    for (int priority = TASK_PRIORITIES - 1; priority >= 0; priority--) {
        struct queue *queue = &pool.ready[priority];
        struct entry *entry = queue->first;
        if (!entry) continue;
        queue->first = entry->next;
        if (!queue->first) queue->end = &queue->first;
        pool.queued--;
        return entry;
    }
    return NULL;
}

static void enqueue_due(void) {
    if (!pool.delayed) return;
    for (int64_t time = monotonic_ns(); pool.delayed && pool.delayed->due <= time;) {
        struct entry *entry = pool.delayed;
        pool.delayed = entry->next;
        enqueue(entry);
    }
}

static void wait_until(pthread_cond_t *condition, int64_t deadline) {
    struct timespec t = {.tv_sec = deadline / NANOSECONDS, .tv_nsec = deadline % NANOSECONDS};
    pthread_cond_timedwait(condition, &pool.lock, &t);
}

static void wait_for_work(void) {
    pool.waiting++;
    if (pool.delayed && !pool.held)
        wait_until(&pool.work, pool.delayed->due);
    else
        pthread_cond_wait(&pool.work, &pool.lock);
    pool.waiting--;
}

/* A v8::Task's vtable: complete destructor, deleting destructor, Run. */
static void run_and_delete(void *task) {
    void (**vtable)(void *) = *(void (***)(void *))task;
    vtable[2](task);
    vtable[1](task);
}

/* Called and left with the lock held. */
static void run_one(struct entry *entry) {
    pool.running++;
    pthread_mutex_unlock(&pool.lock);
    run_and_delete(entry->task);
    pthread_mutex_lock(&pool.lock);
    pool.running--;
    if (counts(entry)) pool.awaited--;
    free(entry);
    pthread_cond_broadcast(&pool.done);
}

static void *work(void *unused) {
    (void)unused;
    pthread_mutex_lock(&pool.lock);
    for (;;) {
        struct entry *entry = NULL;
        enqueue_due();
        if (!pool.held) entry = dequeue();
        if (entry)
            run_one(entry);
        else
            wait_for_work();
    }
    return NULL;
}

/* Signals are the main thread's. */
static void start_thread(void) {
    sigset_t all, before;
    pthread_attr_t attributes;
    pthread_t thread;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, STACK_SIZE);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    if (pthread_create(&thread, &attributes, work, NULL) == 0) pool.threads++;
    pthread_attr_destroy(&attributes);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

/* With the lock held, after something was queued. A short script never starts a thread. */
static void see_to_workers(void) {
    int wanted = pool.queued + (pool.delayed ? 1 : 0);
    if (!wanted || pool.held) return;
    while (pool.threads < pool.most && pool.threads - pool.running < wanted) {
        int before = pool.threads;
        start_thread();
        if (pool.threads == before) break;
    }
    if (pool.waiting) pthread_cond_broadcast(&pool.work);
}

static struct entry *make_entry(void *task, int priority) {
    struct entry *entry = calloc(1, sizeof *entry);
    if (!entry) abort();
    entry->task = task;
    entry->priority = priority < 0 || priority >= TASK_PRIORITIES ? TASK_USER_VISIBLE : priority;
    return entry;
}

void pool_post(void *task, int priority) {
    struct entry *entry = make_entry(task, priority);
    pthread_mutex_lock(&pool.lock);
    enqueue(entry);
    see_to_workers();
    pthread_mutex_unlock(&pool.lock);
}

void pool_post_delayed(void *task, int priority, double seconds) {
    struct entry *entry = make_entry(task, priority);
    struct entry **place = &pool.delayed;
    double nanoseconds = seconds > 0 ? seconds * (double)NANOSECONDS : 0;
    entry->due = nanoseconds < 1e18 ? monotonic_ns() + (int64_t)nanoseconds : INT64_MAX;
    pthread_mutex_lock(&pool.lock);
    while (*place && (*place)->due <= entry->due)
        place = &(*place)->next;
    entry->next = *place;
    *place = entry;
    see_to_workers();
    pthread_mutex_unlock(&pool.lock);
}

/* Where no thread can be had (a limit on processes), the caller is the worker. */
void pool_drain(void) {
    pthread_mutex_lock(&pool.lock);
    while (pool.awaited > 0) {
        enqueue_due();
        see_to_workers();
        struct entry *entry = pool.threads == 0 ? dequeue() : NULL;
        if (entry)
            run_one(entry);
        else
            pthread_cond_wait(&pool.done, &pool.lock);
    }
    pthread_mutex_unlock(&pool.lock);
}

bool pool_is_busy(void) {
    pthread_mutex_lock(&pool.lock);
    bool busy = pool.awaited > 0;
    pthread_mutex_unlock(&pool.lock);
    return busy;
}

static int64_t in_milliseconds(int milliseconds) {
    return monotonic_ns() + milliseconds * NANOSECONDS / 1000;
}

bool pool_finish(int milliseconds) {
    int64_t deadline = in_milliseconds(milliseconds);
    pthread_mutex_lock(&pool.lock);
    while (pool.queued + pool.running > 0 && monotonic_ns() < deadline)
        wait_until(&pool.done, deadline);
    bool finished = pool.queued + pool.running == 0;
    pthread_mutex_unlock(&pool.lock);
    return finished;
}

bool pool_hold(int milliseconds) {
    int64_t deadline = in_milliseconds(milliseconds);
    pthread_mutex_lock(&pool.lock);
    pool.held = true;
    while (pool.running > 0 && monotonic_ns() < deadline)
        wait_until(&pool.done, deadline);
    bool quiet = pool.running == 0;
    pthread_mutex_unlock(&pool.lock);
    if (!quiet) pool_release();
    return quiet;
}

void pool_release(void) {
    pthread_mutex_lock(&pool.lock);
    pool.held = false;
    see_to_workers();
    pthread_mutex_unlock(&pool.lock);
}

void pool_freeze(void) {
    pthread_mutex_lock(&pool.lock);
}

void pool_thaw(void) {
    pthread_mutex_unlock(&pool.lock);
}

void pool_reopen(void) {
    make_locks();
    pool.threads = pool.waiting = pool.running = 0;
    pool_release();
}

void *pool_take_back(int *priority, double *seconds) {
    pthread_mutex_lock(&pool.lock);
    struct entry *entry = dequeue();
    void *task = NULL;
    *seconds = 0;
    if (entry) {
        if (counts(entry)) pool.awaited--;
    } else if ((entry = pool.delayed)) {
        int64_t left = entry->due - monotonic_ns();
        pool.delayed = entry->next;
        *seconds = left > 0 ? (double)left / (double)NANOSECONDS : 0;
    }
    if (entry) {
        task = entry->task;
        *priority = entry->priority;
        free(entry);
    }
    pthread_mutex_unlock(&pool.lock);
    return task;
}

int pool_threads(void) {
    pthread_mutex_lock(&pool.lock);
    int threads = pool.threads;
    pthread_mutex_unlock(&pool.lock);
    return threads;
}
