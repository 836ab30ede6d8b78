#include "engine.h"
#include "clock.h"
#include "exit.h"
#include "fork.h"
#include "loop.h"
#include "platform.h"
#include "pool.h"
#include "symbols.h"
#include "threads.h"
#include <stdio.h>
#include <unistd.h>

static struct {
    napi_env env;
    void *environment;
    struct uv_loop_s *loop;
    bool drain_waits_for_all;
    bool io_uring_is_fatal;
    bool keeps_code_of_exit_event;
    bool node_workers_died;
} engine;

/* libuv before 1.47 goes on with the ring's memory after uv_loop_fork has unmapped it; there, a ring is
 * opt-in (UV_USE_IO_URING=1). Since Node 24, DrainTasks waits only for user-blocking tasks
 * (nodejs/node#58047). Since Node 22 an exit code that an 'exit' listener sets to undefined counts as it was
 * before the event. */
static const char *read_version(napi_env env) {
    const napi_node_version *version;
    if (napi_get_node_version(env, &version) != napi_ok) return "Node's version cannot be had";
    engine.io_uring_is_fatal = version->major < 22;
    engine.drain_waits_for_all = version->major < 24;
    engine.keeps_code_of_exit_event = version->major >= 22;
    return NULL;
}

/* In the process that was not forked: its own exit deletes the platform, so no thread of ours may still use
 * it. */
static void give_back_at_exit(void *unused) {
    (void)unused;
    engine_stop();
}

static const char *start(napi_env env) {
    const char *problem = symbols_resolve();
    if (!problem) problem = read_version(env);
    if (problem) return problem;
    engine.env = env;
    engine.environment = node.current_environment(node.current_context(node.current_isolate()));
    if (napi_get_uv_event_loop(env, &engine.loop) != napi_ok) return "the event loop cannot be had";
    if (!loop_is_as_expected()) return "libuv's handles are not as expected";
    problem = platform_examine(node.platform_of(engine.environment));
    if (!problem) problem = threads_note_baseline(platform_workers());
    if (!problem) problem = exit_prepare(env, engine.environment, engine.keeps_code_of_exit_event);
    if (problem) return problem;
    node.at_exit(engine.environment, give_back_at_exit, NULL);
    platform_take_over(engine.drain_waits_for_all);
    return NULL;
}

const char *engine_start(napi_env env) {
    static bool started;
    static const char *problem;
    if (!started) problem = start(env);
    started = true;
    return problem;
}

void engine_stop(void) {
    if (engine.node_workers_died) return;
    platform_give_back();
    pool_hold(1000);
    pool_release();
}

const char *engine_unforkable(void) {
    fflush(NULL);
    if (!platform_is_taken_over()) platform_take_over(engine.drain_waits_for_all);
    if (engine.io_uring_is_fatal && fork_sees_io_uring())
        return "libuv uses an io_uring (UV_USE_IO_URING), which Node 20 does not survive in a fork";
    return threads_unexpected(pool_threads);
}

bool engine_quiesce(int milliseconds) {
    return platform_is_at_rest(milliseconds) && pool_hold(milliseconds);
}

bool engine_finish(int milliseconds) {
    return pool_finish(milliseconds);
}

void engine_resume(void) {
    pool_release();
}

enum fork_side engine_fork(const struct fork_plan *plan, pid_t *monitor_pid, pid_t *executor_pid) {
    threads_look_again(pool_threads());
    pool_freeze();
    enum fork_side side = fork_pair(plan, monitor_pid, executor_pid);
    if (side != FORK_EXECUTOR) pool_thaw();
    return side;
}

void engine_caught_signals(void (*note)(int number)) {
    loop_caught_signals(engine.loop, note);
}

const char *engine_prepare_clock(void) {
    return clock_prepare(engine.environment, engine.loop);
}

static const char *come_alive(void) {
    engine.node_workers_died = true;
    pool_reopen();
    platform_never_dies();
    if (!loop_survive_fork(engine.loop)) return "the event loop does not survive the fork";
    return exit_take_over(engine.env, threads_include_uv_pool());
}

const char *engine_become_executor(void) {
    return come_alive();
}

bool engine_leave_parent(void) {
    threads_look_again(pool_threads());
    pool_freeze();
    if (!fork_leaving_parent()) {
        pool_thaw();
        return false;
    }
    threads_died();
    const char *problem = come_alive();
    if (!problem) return true;
    fprintf(stderr, "prefork-interp: fork off a server: %s\n", problem);
    _exit(127);
}

void engine_on_status(void (*callback)(int wait_status, void *context), void *context) {
    exit_on_status(callback, context);
}
