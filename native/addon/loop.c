#include "loop.h"
#include "symbols.h"
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>

/* libuv's C interface: the N-API headers come without uv.h. */
#define UV_ASYNC 1
#define UV_TIMER 13
#define UV_SIGNAL 16
int uv_is_active(const struct uv_handle_s *handle);
uint64_t uv_timer_get_due_in(const struct uv_handle_s *timer);
uint64_t uv_timer_get_repeat(const struct uv_handle_s *timer);
void uv_timer_set_repeat(struct uv_handle_s *timer, uint64_t milliseconds);
int uv_timer_again(struct uv_handle_s *timer);
void uv_update_time(struct uv_loop_s *loop);

/* libuv 1's uv_async_t, of which only the last member is looked at. */
struct async {
    void *handle_fields[12];
    void *callback, *queue[2];
    int pending;
};

/* uv_signal_t. A handler counts what it has caught, the loop what it has dispatched. */
struct signal {
    void *handle_fields[12];
    void *callback;
    int number;
    struct {
        void *left, *right, *parent;
        int color;
    } tree_entry;
    unsigned caught, dispatched;
};

struct asyncs {
    struct uv_handle_s **list;
    size_t count, room;
};

bool loop_is_as_expected(void) {
    return node.handle_size(UV_ASYNC) == sizeof(struct async) &&
           node.handle_size(UV_SIGNAL) == sizeof(struct signal);
}

static void note_if_caught(struct uv_handle_s *handle, void *context) {
    void (*note)(int) = *(void (**)(int))context;
    const struct signal *signal = (const void *)handle;
    if (node.handle_type(handle) != UV_SIGNAL || signal->caught == signal->dispatched) return;
    if (signal->number > 0 && signal->number != SIGCHLD) note(signal->number);
}

void loop_caught_signals(struct uv_loop_s *loop, void (*note)(int number)) {
    node.walk(loop, note_if_caught, &note);
}

static void note_if_awake(struct uv_handle_s *handle, void *context) {
    struct asyncs *awake = context;
    const struct async *async = (const void *)handle;
    if (node.handle_type(handle) != UV_ASYNC) return;
    if (!__atomic_load_n(&async->pending, __ATOMIC_RELAXED)) return;
    if (awake->count == awake->room) {
        awake->room = awake->room ? awake->room * 2 : 16;
        awake->list = realloc(awake->list, awake->room * sizeof *awake->list);
        if (!awake->list) abort();
    }
    awake->list[awake->count++] = handle;
}

/* uv_loop_fork forgets which asynchronous handles had been woken, and what was queued for them before the
 * fork (a foreground task of V8's, a message) would wait for ever. Seen on Node 22: an ES module that imports
 * node:http has undici loaded, which compiles WebAssembly, and every fetch in every executor hung. So they
 * are woken again; only they, as one of Node's starts the inspector whenever it is woken. */
bool loop_survive_fork(struct uv_loop_s *loop) {
    struct asyncs awake = {0};
    node.walk(loop, note_if_awake, &awake);
    bool survived = node.loop_fork(loop) == 0;
    for (size_t i = 0; survived && i < awake.count; i++)
        node.async_send(awake.list[i]);
    free(awake.list);
    return survived;
}

/* uv_timer_start wants the callback, which nobody tells; uv_timer_again knows it, and starts a timer by its
 * interval. */
static void postpone(struct uv_handle_s *handle, void *context) {
    if (node.handle_type(handle) != UV_TIMER || !uv_is_active(handle)) return;
    uint64_t interval = uv_timer_get_repeat(handle);
    uv_timer_set_repeat(handle, uv_timer_get_due_in(handle) + *(uint64_t *)context);
    uv_timer_again(handle);
    uv_timer_set_repeat(handle, interval);
}

void loop_postpone_timers(struct uv_loop_s *loop, uint64_t milliseconds) {
    if (milliseconds > 0) node.walk(loop, postpone, &milliseconds);
    uv_update_time(loop);
}
