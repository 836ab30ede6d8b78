/* For a server, and for the executors that it becomes. */
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "activity.h"
#include "bindings.h"
#include "call.h"
#include "clock.h"
#include "engine.h"
#include "files.h"
#include "kept.h"
#include "log.h"
#include "marker.h"
#include "pages.h"
#include "random.h"
#include "server.h"
#include "signals.h"
#include "symbols.h"
#include "title.h"

static size_t interpreter_arguments;

static struct server_options server_options_of(napi_env env, napi_value object) {
    return (struct server_options){
        .listener = (int)number_property(env, object, "listener"),
        .first_call = (int)number_property(env, object, "firstCall"),
        .watcher_in = (int)number_property(env, object, "watcherIn"),
        .watcher_error = (int)number_property(env, object, "watcherError"),
        .monitor_program = (int)number_property(env, object, "monitorProgram"),
        .extended = bool_property(env, object, "extended"),
        .spares = (int)number_property(env, object, "spares"),
        .max_calls = (int)number_property(env, object, "maxCalls"),
        .idle_seconds = number_property(env, object, "idleSeconds"),
        .script = text_property(env, object, "script"),
        .stale = noted_files(),
    };
}

/* The launcher bound the socket and says its path nowhere else. */
static const char *bound_path(int listener, struct sockaddr_un *address) {
    socklen_t size = sizeof *address;
    memset(address, 0, size);
    if (getsockname(listener, (struct sockaddr *)address, &size) < 0 || address->sun_path[0] != '/')
        return NULL;
    address->sun_path[sizeof address->sun_path - 1] = '\0';
    return address->sun_path;
}

static void warn(const char *what, const char *problem) {
    if (problem) log_line(LOG_WARNING, "%s: %s", what, problem);
}

/* becomeServer(options): null, or why not */
static napi_value become_server(napi_env env, napi_callback_info info) {
    napi_value object;
    arguments_of(env, info, &object, 1);
    struct server_options options = server_options_of(env, object);
    interpreter_arguments = (size_t)number_property(env, object, "interpreterArguments");
    struct sockaddr_un address;
    const char *path = bound_path(options.listener, &address);
    activity_open(path);
    marker_open(path);
    log_watch(path);
    kept_compare();
    /* Under a launcher of ours this is the process that it started. */
    signals_put_away(options.extended ? getppid() : 0);
    const char *problem = server_start(&options);
    if (problem) {
        signals_give_back();
    } else {
        engine_caught_signals(signals_came);
        if (path) stale_note_socket(noted_files(), path);
        warn("calls count time from the start of their server", engine_prepare_clock());
    }
    return text_or_null(env, problem);
}

static void hand_over_status(int wait_status, void *context) {
    (void)context;
    call_report_status(wait_status);
    pages_learn();
}

/* So that what a call will write to is this process's own memory by then. The first call is the process that
 * was started for it, but for its pid. */
static void rehearse_facts(void) {
    if (server_call_source().first < 0) clock_restart();
}

/* serve(): "spare" or "first" in a forked executor: without a call, or for the first one; "busy" when
 * JavaScript must run once before the next fork; "calm" once, before the first spare */
static napi_value serve(napi_env env, napi_callback_info info) {
    (void)info;
    enum server_event event = server_run();
    if (event == SERVER_BUSY) return text_or_null(env, "busy");
    if (event == SERVER_CALM) {
        warn("calls show the command line of their server", title_prepare(interpreter_arguments));
        return text_or_null(env, "calm");
    }
    signals_restore_actions();
    const char *problem = engine_become_executor();
    if (!problem) problem = files_become_private();
    if (problem) {
        log_line(LOG_ERR, "a forked process cannot take calls: %s", problem);
        server_refuse_call(problem);
    }
    random_renew();
    rehearse_facts();
    engine_on_status(hand_over_status, NULL);
    if (server_call_source().first >= 0) return text_or_null(env, "first");
    return text_or_null(env, "spare");
}

/* finishTasks(): whether V8's workers have done all that they had to */
static napi_value finish_tasks(napi_env env, napi_callback_info info) {
    (void)info;
    return truth(env, engine_finish(QUIESCE_MS));
}

/* isCalled() */
static napi_value is_called(napi_env env, napi_callback_info info) {
    (void)info;
    return truth(env, server_is_called());
}

/* makePagesReady() */
static napi_value make_pages_ready(napi_env env, napi_callback_info info) {
    (void)info;
    if (server_is_compact()) pages_make_ready();
    return text_or_null(env, NULL);
}

/* collect(young): whether V8 could be asked to */
static napi_value collect(napi_env env, napi_callback_info info) {
    enum { ALL, YOUNG }; /* v8::Isolate::GarbageCollectionType */
    napi_value young;
    arguments_of(env, info, &young, 1);
    if (!node.request_collection) return truth(env, false);
    node.request_collection(node.current_isolate(), bool_of(env, young) ? YOUNG : ALL);
    return truth(env, true);
}

/* forgetSeeds(ofNewContext): null, or that something of V8 was not found */
static napi_value forget_seeds(napi_env env, napi_callback_info info) {
    napi_value object;
    arguments_of(env, info, &object, 1);
    return text_or_null(env, random_forget_seeds(object));
}

const struct binding server_bindings[] = {
    {"becomeServer", become_server},      {"serve", serve},
    {"finishTasks", finish_tasks},        {"isCalled", is_called},
    {"makePagesReady", make_pages_ready}, {"collect", collect},
    {"forgetSeeds", forget_seeds},        {NULL, NULL},
};
