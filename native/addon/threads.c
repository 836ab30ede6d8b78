#include "threads.h"
#include "openings.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Some threads end by themselves: loading node:tls makes Node 26 read the root certificates on one of its
 * own, for 10 ms on an idle machine. Nothing may be forked while it does. */
#define PATIENCE_MS 1000
#define PAUSE_MS 2

static int baseline;
static bool uv_pool;

enum found { FOUND, GONE, UNREADABLE };

static enum found failed(void) {
    return errno == ENOENT || errno == ESRCH ? GONE : UNREADABLE;
}

static enum found read_name(int directory, const char *thread, char *name, size_t size) {
    char path[64];
    snprintf(path, sizeof path, "%.20s/comm", thread);
    int fd = openat(directory, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) return failed();
    ssize_t got = read(fd, name, size - 1);
    enum found found = got > 0 ? FOUND : got < 0 ? failed() : GONE;
    close(fd);
    name[got > 0 ? got : 0] = '\0';
    name[strcspn(name, "\n")] = '\0';
    return found;
}

/* How many threads there are, and how many of them by their name libuv's pool. */
struct census {
    int all, pool;
};

/* False where it cannot be said: out of descriptors, most likely, and then a thread that is not counted would
 * be lost in a fork. The kernel lists its own helpers for an io_uring among the threads; they hold nothing,
 * and uv_loop_fork drops the ring. */
static bool take_census(struct census *census) {
    DIR *directory = opendir("/proc/self/task");
    struct dirent *entry;
    char name[32];
    bool readable = true;
    if (!directory) return false;
    *census = (struct census){0};
    while (readable && (entry = readdir(directory))) {
        if (entry->d_name[0] == '.') continue;
        enum found found = read_name(dirfd(directory), entry->d_name, name, sizeof name);
        readable = found != UNREADABLE;
        if (found != FOUND) continue;
        if (strncmp(name, "iou-", 4) == 0) continue;
        census->all++;
        census->pool += strcmp(name, "libuv-worker") == 0;
    }
    closedir(directory);
    return readable;
}

unsigned uv_version(void); /* the N-API headers come without uv.h */

/* From libuv 1.50 on, in Node 22 and later, the threads of its pool have a name. */
static bool pool_has_name(void) {
    return uv_version() >= (1 << 16 | 50 << 8);
}

/* As libuv reads it. */
static int uv_pool_size(void) {
    const char *value = getenv("UV_THREADPOOL_SIZE");
    int size = value ? atoi(value) : 4;
    if (size <= 0) size = 1;
    return size > 1024 ? 1024 : size;
}

/* Where libuv's pool is told by its size alone, as many worker threads would look like it. */
static bool is_nameless_pool(int count) {
    char line[OPENING_MAX];
    return !pool_has_name() && count == uv_pool_size() && !openings_of_worker(line, sizeof line);
}

static bool is_expected(const struct census *now, int own) {
    int others = now->all - now->pool - own - baseline;
    if (others != 0 && !is_nameless_pool(others)) return false;
    if (others != 0 || now->pool > 0) uv_pool = true;
    return true;
}

/* Node's own are counted, as Node 20 and 22 do not name them: the main one, the platform's workers, the one
 * for delayed tasks, and the one that waits for SIGUSR1, which an option leaves out. */
static bool fits_baseline(const struct census *now, int node_workers) {
    int least = 1 + node_workers + 1;
    for (int inspector = 0; inspector <= 1; inspector++) {
        baseline = least + inspector;
        if (is_expected(now, 0)) return true;
    }
    return false;
}

static bool pause_between_looks(int *looks) {
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000};
    if (++*looks > PATIENCE_MS / PAUSE_MS) return false;
    nanosleep(&pause, NULL);
    return true;
}

const char *threads_note_baseline(int node_workers) {
    struct census now;
    int looks = 0;
    do {
        if (!take_census(&now)) return "/proc/self/task cannot be read";
        if (fits_baseline(&now, node_workers)) return NULL;
    } while (pause_between_looks(&looks));
    static char reason[128];
    snprintf(reason, sizeof reason, "%d threads run at library load where Node has %d or %d of its own",
             now.all, node_workers + 2, node_workers + 3);
    return reason;
}

/* A worker thread has V8's tasks done, for which our pool starts threads: those that come between two counts
 * would make up, with the worker, the number that libuv's pool has. */
const char *threads_unexpected(int (*own)(void)) {
    struct census now;
    int looks = 0, ours;
    do {
        ours = own();
        if (!take_census(&now)) return "/proc/self/task cannot be read";
        if (own() == ours && is_expected(&now, ours)) return NULL;
    } while (pause_between_looks(&looks));
    static char reason[128], with_line[sizeof reason + OPENING_MAX + 32];
    char line[OPENING_MAX];
    snprintf(reason, sizeof reason, "%d threads run where Node has %d of its own", now.all - now.pool - ours,
             baseline);
    if (!openings_of_worker(line, sizeof line)) return reason;
    snprintf(with_line, sizeof with_line, "%s (a worker was started at %s)", reason, line);
    return with_line;
}

/* The kernel counts a directory's links as two and one for each thread. */
int threads_running(void) {
    struct statx task;
    if (statx(AT_FDCWD, "/proc/self/task", 0, STATX_NLINK, &task) != 0) return -1;
    return (int)task.stx_nlink - 2;
}

/* Taking too much for the pool costs an executor a few idle threads at its end; too little, a crash there. */
void threads_look_again(int own) {
    if (threads_running() != baseline + own) uv_pool = true;
}

bool threads_include_uv_pool(void) {
    return uv_pool;
}

void threads_died(void) {
    baseline = 1;
}
