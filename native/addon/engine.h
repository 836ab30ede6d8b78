/*
 * The fork engine: what makes fork(2) inside a running Node.js safe. docs/fork.md has a paragraph for each
 * thing done here. All functions are called on the main thread, outside of any worker_threads Worker.
 */
#ifndef PREFORK_ENGINE_H
#define PREFORK_ENGINE_H

#include <node_api.h>
#include <stdbool.h>
#include <sys/types.h>

/* When the library loads, if a launcher started us: finds what is needed inside Node, gives the platform a
 * thread pool of our own and sees that Node's own workers come to rest. Returns NULL, or why forking cannot
 * be done (a string that stays valid); then nothing was changed. Called again it returns what it returned
 * first. */
const char *engine_start(napi_env env);

/* When this process will not be forked: V8's worker tasks go to Node's own workers again, and ours become
 * idle. */
void engine_stop(void);

/* Just before serving: NULL, or why a fork would lose something, here: threads that Node did not start by
 * itself. What handles and requests are open is JavaScript's to check. */
const char *engine_unforkable(void);

/* How long V8's workers get to come to rest before JavaScript is entered once. */
#define QUIESCE_MS 5

/* Stops taking tasks and waits until none runs. False: one still runs and may be waiting for the main thread;
 * the pool goes on. Then enter a JavaScript function (its entry serves V8's interrupts) and try again. */
bool engine_quiesce(int milliseconds);

/* Waits until V8's workers have done all that was posted. False: that takes longer, or they wait for the main
 * thread. */
bool engine_finish(int milliseconds);

/* Lets the pool go on, in the parent, after engine_quiesce returned true, with or without a fork in between.
 */
void engine_resume(void);

enum fork_side { FORK_FAILED, FORK_SERVER, FORK_EXECUTOR };

/* The monitor is executed with monitor_argv and monitor_envp from monitor_program, a descriptor.
 * Close-on-exec applies, so what the monitor keeps is made inheritable in before_monitor: that runs in the
 * process that becomes the monitor, in memory shared with the server, after the executor was forked; it may
 * only make system calls. (The descriptor table is the monitor's own by then.) Where executor_pid_slot is not
 * NULL, the executor's pid is written there in decimal before that; it is one of monitor_argv's strings, of
 * at least 12 bytes. */
struct fork_plan {
    int monitor_program;
    char *const *monitor_argv;
    char *const *monitor_envp;
    char *executor_pid_slot;
    void (*before_monitor)(void *context);
    void *context;
};

/* After engine_quiesce. Makes a monitor (a child of this process, in a session of its own) and an executor
 * (the monitor's child, in a process group of its own, killed when its monitor dies). Returns in both this
 * process and the executor. FORK_FAILED: errno says why, and nothing is left behind. FORK_SERVER: the pids
 * are set, and SIGCHLD comes for the monitor. The signal mask is on return what it was before, on both sides;
 * the monitor starts with all signals blocked. */
enum fork_side engine_fork(const struct fork_plan *plan, pid_t *monitor_pid, pid_t *executor_pid);

/* After engine_quiesce: goes on as a child of this process, which ends with 0 at once; for chiark's launcher,
 * which waits for setup to end. Returns true in the child: everything works there as in an executor, and it
 * can fork on. False when the fork failed, in this process. */
bool engine_leave_parent(void);

/* In the executor, before anything else of Node's or libuv's is used: the pool and the event loop work again,
 * and every way out of the process is taken over, so that it ends as a plain run does (exit codes, profiles,
 * env cleanup hooks, C atexit handlers). Returns NULL, or what failed. */
const char *engine_become_executor(void);

/* Before the fork: tells of each signal that has come for a handler of the script which has not run yet. */
void engine_caught_signals(void (*note)(int number));

/* In the server, when initialisation is complete: executors can count time from their call (clock.h). Returns
 * NULL, or why they will not. */
const char *engine_prepare_clock(void);

/* In the executor: called once, just before the process leaves, when nothing can change its wait status any
 * more and nothing of the script runs any more. Called only when no addon but ours is loaded and no thread of
 * the script's is left; other ends are for waitpid to see. The callback may close every descriptor. */
void engine_on_status(void (*callback)(int wait_status, void *context), void *context);

#endif
