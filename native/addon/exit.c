#include "exit.h"
#include "peek.h"
#include "pool.h"
#include "symbols.h"
#include "threads.h"
#include <dlfcn.h>
#include <link.h>
#include <malloc.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* node::StopFlags::kDoNotTerminateIsolate */
#define STOP_WITHOUT_TERMINATING 1

/* The array behind process._exiting and process.exitCode. */
enum { EXITING, EXIT_CODE, HAS_EXIT_CODE, EXIT_FIELDS };

static struct {
    void *environment;
    struct uv_loop_s *loop;
    const volatile int32_t *fields;
    bool uv_pool_died;
    bool taken_over, leaving;
    bool keeps_code_of_exit_event, exit_event_seen;
    int code_of_exit_event;
    void (*callback)(int wait_status, void *context);
    void *context;
} leave;

static bool set_exit_code(napi_env env, napi_value process, int32_t code) {
    napi_value value;
    return napi_create_int32(env, code, &value) == napi_ok &&
           napi_set_named_property(env, process, "exitCode", value) == napi_ok;
}

static bool holds(const int32_t *candidate, int32_t code) {
    int32_t fields[EXIT_FIELDS];
    return peek(candidate, fields, sizeof fields) && fields[EXITING] == 0 && fields[EXIT_CODE] == code &&
           fields[HAS_EXIT_CODE] == 1;
}

/* node::Environment holds a pointer to the array. The object lies on the heap, so malloc knows where it ends.
 */
static const int32_t *find_fields(int32_t code, const int32_t *expected) {
    enum { MOST = 64 << 10 };
    size_t size = malloc_usable_size(leave.environment);
    if (size > MOST) size = MOST;
    const int32_t **words = malloc(size);
    const int32_t *found = NULL;
    if (!words) return NULL;
    if (peek(leave.environment, words, size))
        for (size_t i = 0; i < size / sizeof *words && !found; i++)
            if ((!expected || words[i] == expected) && words[i] &&
                (uintptr_t)words[i] % sizeof(int32_t) == 0 && holds(words[i], code))
                found = words[i];
    free(words);
    return found;
}

/* process.exitCode is an accessor in JavaScript, and at a natural end JavaScript no longer runs. Two telling
 * values, one after the other, show where it is kept. */
static const int32_t *locate_fields(napi_env env, napi_value process) {
    const int32_t first = 0x5ca1ab1e, second = 0x0ddba11;
    if (!set_exit_code(env, process, first)) return NULL;
    const int32_t *fields = find_fields(first, NULL);
    if (!fields || !set_exit_code(env, process, second)) return NULL;
    return find_fields(second, fields);
}

/* Objects that lie beside these two are the system's and ours. */
static const char *of_system, *of_ours;

static const char *path_of(const void *address) {
    Dl_info info;
    return address && dladdr(address, &info) && info.dli_fname ? info.dli_fname : "";
}

/* Once: to look for an address in the symbols of libraries touches many pages, and calls end here. */
static void find_neighbours(void) {
    of_system = path_of(dlsym(RTLD_DEFAULT, "gnu_get_libc_version"));
    of_ours = path_of(&leave);
}

const char *exit_prepare(napi_env env, void *node_environment, bool keeps_code_of_exit_event) {
    napi_value global, process, before;
    find_neighbours();
    leave.environment = node_environment;
    leave.keeps_code_of_exit_event = keeps_code_of_exit_event;
    if (napi_get_uv_event_loop(env, &leave.loop) != napi_ok) return "the event loop cannot be had";
    if (napi_get_global(env, &global) != napi_ok ||
        napi_get_named_property(env, global, "process", &process) != napi_ok ||
        napi_get_named_property(env, process, "exitCode", &before) != napi_ok)
        return "process.exitCode cannot be read";
    if (!peek_works()) return "its sandbox forbids both process_vm_readv and to read /proc/self/mem";
    leave.fields = locate_fields(env, process);
    if (napi_set_named_property(env, process, "exitCode", before) != napi_ok)
        return "process.exitCode cannot be set back";
    return leave.fields ? NULL : "where process.exitCode is kept was not found";
}

void exit_on_status(void (*callback)(int wait_status, void *context), void *context) {
    leave.callback = callback;
    leave.context = context;
}

static void no_work(void *request) {
    (void)request;
}

static void after_no_work(void *request, int status) {
    (void)request, (void)status;
}

static bool other_threads_run(void) {
    return threads_running() != 1 + pool_threads();
}

/* Plain Node lets libuv's thread pool finish what it was given before it exits, even on process.exit. libuv
 * believes that the server's pool is still there and would join dead threads; a piece of work makes it start
 * afresh. */
static void finish_uv_pool(void) {
    static _Alignas(16) char request[512]; /* a uv_work_t has 128 bytes */
    if (leave.uv_pool_died) node.queue_work(leave.loop, request, no_work, after_no_work);
    node.library_shutdown();
}

static size_t directory_length(const char *path) {
    const char *slash = strrchr(path, '/');
    return slash ? (size_t)(slash - path + 1) : 0;
}

static bool lies_in(const char *path, const char *sibling) {
    size_t length = directory_length(sibling);
    return length > 0 && directory_length(path) == length && strncmp(path, sibling, length) == 0;
}

/* The program itself and the kernel's page have no path; the dynamic linker lies in a directory of its own.
 */
static int is_foreign(struct dl_phdr_info *info, size_t size, void *unused) {
    (void)size, (void)unused;
    if (!info->dlpi_name || !strchr(info->dlpi_name, '/')) return 0;
    if (strncmp(strrchr(info->dlpi_name, '/'), "/ld-", 4) == 0) return 0;
    return !lies_in(info->dlpi_name, of_system) && !lies_in(info->dlpi_name, of_ours);
}

/* Another addon, or a preloaded library: its atexit handlers are to run. What lies beside the C library is
 * taken for part of the system, what lies beside us for ours. */
static bool only_ours_is_loaded(void) {
    return dl_iterate_phdr(is_foreign, NULL) == 0;
}

/* V8's workers run nothing any more while C++ destructors run; Node joins its own workers for that. */
static _Noreturn void leave_through_atexit(int code) {
    finish_uv_pool();
    if (!pool_hold(1000)) _exit(code);
    exit(code);
}

static _Noreturn void leave_at_once(int code) {
    if (other_threads_run()) finish_uv_pool();
    fflush(NULL);
    if (leave.callback) leave.callback((code & 0xff) << 8, leave.context);
    _exit(code);
}

static _Noreturn void leave_with(int code) {
    node.tty_reset_mode();
    if (only_ours_is_loaded()) leave_at_once(code);
    leave_through_atexit(code);
}

/* process.exit, process.reallyExit, an uncaught error: Node has run its AtExit callbacks, and would now join
 * threads that died in the fork. What comes before that is done here too. */
static void on_process_exit(const void *functor, void **environment, int *code) {
    (void)functor;
    node.stop(*environment, STOP_WITHOUT_TERMINATING);
    node.stop_sub_workers(*environment);
    leave_with(*code);
}

/* Nothing to copy, move or destroy. */
static bool manage_nothing(void *destination, const void *source, int operation) {
    (void)destination, (void)source, (void)operation;
    return false;
}

static int exit_code(int otherwise) {
    return leave.fields[HAS_EXIT_CODE] ? leave.fields[EXIT_CODE] : otherwise;
}

/* V8 calls this whenever C++ enters JavaScript, so also just before the 'exit' event of a natural end: Node
 * has set the first field by then. */
static void look_for_exit_event(void *isolate) {
    (void)isolate;
    if (!leave.fields[EXITING] || leave.exit_event_seen) return;
    leave.exit_event_seen = true;
    leave.code_of_exit_event = exit_code(0);
}

/* First of the AtExit callbacks, so it runs the others itself: profiles and caches are written there. The
 * list it is called from is empty after that, and must not be returned to. */
static void leave_naturally(void *unused) {
    (void)unused;
    if (leave.leaving) return;
    leave.leaving = true;
    node.run_at_exit(leave.environment);
    leave_with(exit_code(leave.code_of_exit_event));
}

/* Env cleanup hooks run only when the environment is freed, that is at a natural end, while AtExit callbacks
 * also run before process.kill of oneself. So the one is what arms the other. */
static void at_natural_end(void *unused) {
    (void)unused;
    node.at_exit(leave.environment, leave_naturally, NULL);
}

const char *exit_take_over(napi_env env, bool uv_pool_died) {
    struct exit_handler handler = {.manage = manage_nothing, .invoke = on_process_exit};
    leave.uv_pool_died = uv_pool_died;
    if (leave.taken_over) return NULL;
    leave.taken_over = true;
    if (napi_add_env_cleanup_hook(env, at_natural_end, NULL) != napi_ok)
        return "no env cleanup hook can be added";
    node.set_process_exit_handler(leave.environment, &handler);
    if (leave.keeps_code_of_exit_event)
        node.add_before_call_entered(node.current_isolate(), look_for_exit_event);
    return NULL;
}
