/*
 * The addon: only what JavaScript cannot do, or must not do after a fork. lib/addon.ts types what is exported
 * here.
 */
#include <errno.h>
#include <fcntl.h>
#include <node_api.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "activity.h"
#include "adopt.h"
#include "call.h"
#include "clock.h"
#include "engine.h"
#include "files.h"
#include "handles.h"
#include "kept.h"
#include "log.h"
#include "marker.h"
#include "naming.h"
#include "openings.h"
#include "pages.h"
#include "random.h"
#include "server.h"
#include "signals.h"
#include "spares.h"
#include "stale.h"
#include "symbols.h"
#include "title.h"

static struct stale *stale;
static size_t interpreter_arguments;

static napi_value text_or_null(napi_env env, const char *text) {
    napi_value value;
    if (!text || napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value) != napi_ok)
        napi_get_null(env, &value);
    return value;
}

static size_t arguments_of(napi_env env, napi_callback_info info, napi_value *values, size_t room) {
    size_t count = room;
    napi_get_cb_info(env, info, &count, values, NULL, NULL);
    return count;
}

static double number_property(napi_env env, napi_value object, const char *name) {
    napi_value value;
    double number = 0;
    if (napi_get_named_property(env, object, name, &value) == napi_ok)
        napi_get_value_double(env, value, &number);
    return number;
}

static bool bool_property(napi_env env, napi_value object, const char *name) {
    napi_value value;
    bool truth = false;
    if (napi_get_named_property(env, object, name, &value) == napi_ok)
        napi_get_value_bool(env, value, &truth);
    return truth;
}

/* The caller frees it. NULL where the value is no string. */
static char *text_of(napi_env env, napi_value value) {
    size_t length;
    if (napi_get_value_string_utf8(env, value, NULL, 0, &length) != napi_ok) return NULL;
    char *text = malloc(length + 1);
    if (text) napi_get_value_string_utf8(env, value, text, length + 1, &length);
    return text;
}

static char *text_property(napi_env env, napi_value object, const char *name) {
    napi_value value;
    return napi_get_named_property(env, object, name, &value) == napi_ok ? text_of(env, value) : NULL;
}

/* startEngine(): null, or why forking cannot be done */
static napi_value start_engine(napi_env env, napi_callback_info info) {
    (void)info;
    const char *environment = NULL;
    size_t size = 0;
    title_note(&environment, &size);
    if (environment) kept_note(environment, size);
    const char *problem = engine_start(env);
    if (!problem) openings_watch(env);
    return text_or_null(env, problem);
}

#define LAUNCHER_DESCRIPTORS 8

static size_t descriptors_of(napi_env env, napi_value array, int *numbers) {
    uint32_t count = 0;
    napi_get_array_length(env, array, &count);
    if (count > LAUNCHER_DESCRIPTORS) count = LAUNCHER_DESCRIPTORS;
    for (uint32_t i = 0; i < count; i++) {
        napi_value element;
        numbers[i] = -1;
        napi_get_element(env, array, i, &element);
        napi_get_value_int32(env, element, &numbers[i]);
    }
    return count;
}

/* unforkable(ours): null, or what is open or runs that forks cannot share. ours: the launcher's descriptors,
 * or null where others may be inherited still */
static napi_value unforkable(napi_env env, napi_callback_info info) {
    int ours[LAUNCHER_DESCRIPTORS];
    napi_value argument;
    bool known = false;
    arguments_of(env, info, &argument, 1);
    napi_is_array(env, argument, &known);
    const char *reason = engine_unforkable();
    if (!reason) reason = handles_unforkable(env);
    if (!reason && known) reason = files_unforkable(ours, descriptors_of(env, argument, ours));
    openings_stop();
    return text_or_null(env, reason);
}

/* note(notes, files, since, reload): fills the staleness store. notes: the observer's descriptor or -1;
 * files: names to compare besides; since: [seconds, nanoseconds] for a launcher without observer, else null;
 * Returns whether the notes were whole. */
static napi_value note(napi_env env, napi_callback_info info) {
    napi_value arguments[3], result;
    uint32_t count = 0;
    int32_t notes = -1;
    bool whole = true, has_since = false;
    struct timespec since = {0};
    arguments_of(env, info, arguments, 3);
    if (!stale) stale = stale_new();
    napi_get_value_int32(env, arguments[0], &notes);
    if (notes >= 0) whole = stale_add_notes(stale, notes);
    napi_is_array(env, arguments[2], &has_since);
    if (has_since) {
        napi_value part;
        int64_t number;
        napi_get_element(env, arguments[2], 0, &part);
        if (napi_get_value_int64(env, part, &number) == napi_ok) since.tv_sec = number;
        napi_get_element(env, arguments[2], 1, &part);
        if (napi_get_value_int64(env, part, &number) == napi_ok) since.tv_nsec = number;
    }
    napi_get_array_length(env, arguments[1], &count);
    for (uint32_t i = 0; i < count; i++) {
        napi_value element;
        napi_get_element(env, arguments[1], i, &element);
        char *path = text_of(env, element);
        if (!path) continue;
        if (has_since) {
            stale_add_file_older_than(stale, path, since);
        } else {
            stale_add_file(stale, path);
        }
        free(path);
    }
    napi_get_boolean(env, whole, &result);
    return result;
}

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
        .stale = stale,
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

/* takeName(listener, notes, forkable): { path, served, problem, parts, files }; naming.h */
static napi_value take_name(napi_env env, napi_callback_info info) {
    static struct naming naming;
    napi_value arguments[3], result, value;
    int32_t listener = -1, notes = -1;
    bool forkable = false;
    arguments_of(env, info, arguments, 3);
    napi_get_value_int32(env, arguments[0], &listener);
    napi_get_value_int32(env, arguments[1], &notes);
    napi_get_value_bool(env, arguments[2], &forkable);
    naming_take(listener, notes, forkable, &naming);
    kept_take_notes(notes);
    napi_create_object(env, &result);
    napi_set_named_property(env, result, "path", text_or_null(env, naming.path[0] ? naming.path : NULL));
    napi_get_boolean(env, naming.served, &value);
    napi_set_named_property(env, result, "served", value);
    napi_set_named_property(env, result, "problem", text_or_null(env, naming.problem));
    napi_create_string_latin1(env, naming.parts.text, naming.parts.size, &value);
    napi_set_named_property(env, result, "parts", value);
    napi_create_uint32(env, stale ? (uint32_t)stale_count(stale) : 0, &value);
    napi_set_named_property(env, result, "files", value);
    return result;
}

/* giveUpName(listener) */
static napi_value give_up_name(napi_env env, napi_callback_info info) {
    napi_value argument;
    int32_t listener = -1;
    arguments_of(env, info, &argument, 1);
    napi_get_value_int32(env, argument, &listener);
    naming_give_up(listener);
    return text_or_null(env, NULL);
}

static void warn(const char *what, const char *problem) {
    if (problem) log_line(LOG_WARNING, "%s: %s", what, problem);
}

/* becomeServer(options): null, or why not */
static napi_value become_server(napi_env env, napi_callback_info info) {
    napi_value object;
    arguments_of(env, info, &object, 1);
    if (!stale) stale = stale_new();
    struct server_options options = server_options_of(env, object);
    interpreter_arguments = (size_t)number_property(env, object, "interpreterArguments");
    struct sockaddr_un address;
    const char *path = bound_path(options.listener, &address);
    activity_open(path);
    log_watch(path);
    kept_compare();
    signals_block();
    const char *problem = server_start(&options);
    if (problem) {
        signals_restore_mask();
    } else {
        if (path) stale_note_socket(stale, path);
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
    napi_value result;
    (void)info;
    napi_get_boolean(env, engine_finish(QUIESCE_MS), &result);
    return result;
}

/* isCalled() */
static napi_value is_called(napi_env env, napi_callback_info info) {
    napi_value result;
    (void)info;
    napi_get_boolean(env, server_is_called(), &result);
    return result;
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
    bool young = false;
    napi_value argument, result;
    arguments_of(env, info, &argument, 1);
    napi_get_value_bool(env, argument, &young);
    if (node.request_collection) node.request_collection(node.current_isolate(), young ? YOUNG : ALL);
    napi_get_boolean(env, node.request_collection != NULL, &result);
    return result;
}

/* forgetSeeds(ofNewContext): null, or that something of V8 was not found */
static napi_value forget_seeds(napi_env env, napi_callback_info info) {
    napi_value object;
    arguments_of(env, info, &object, 1);
    return text_or_null(env, random_forget_seeds(object));
}

static napi_value call_to_object(napi_env env, const struct call *call, bool zone_changed) {
    napi_value result, list, value;
    napi_create_object(env, &result);
    napi_create_array_with_length(env, call->argument_count, &list);
    for (size_t i = 0; i < call->argument_count; i++) {
        napi_create_string_utf8(env, call->arguments[i], NAPI_AUTO_LENGTH, &value);
        napi_set_element(env, list, (uint32_t)i, value);
    }
    napi_set_named_property(env, result, "arguments", list);
    napi_get_boolean(env, zone_changed, &value);
    napi_set_named_property(env, result, "timeZoneChanged", value);
    napi_create_int32(env, getpid(), &value);
    napi_set_named_property(env, result, "pid", value);
    return result;
}

static napi_value adopt(napi_env env, struct call *call) {
    const char *zone = getenv("TZ");
    char *zone_before = zone ? strdup(zone) : NULL;
    const char *problem = adopt_call(call);
    if (problem) call_refuse(problem);
    call_hand_over(call);
    zone = getenv("TZ");
    bool changed = zone && zone_before ? strcmp(zone, zone_before) != 0 : zone != zone_before;
    free(zone_before);
    return call_to_object(env, call, changed);
}

/* awaitCall(): { arguments, timeZoneChanged, pid } once there is a call and this process has become it */
static napi_value await_call(napi_env env, napi_callback_info info) {
    static struct call call;
    (void)info;
    const struct call_source source = server_call_source();
    call_await(&source, &call);
    if (source.first < 0) {
        clock_restart();
        title_show(&call);
    }
    napi_value result = adopt(env, &call);
    signals_restore_mask();
    return result;
}

/* adoptFirstCall(connection, reason): as awaitCall, in a setup that cannot fork; null when the client went
 * away */
static napi_value adopt_first_call(napi_env env, napi_callback_info info) {
    static struct call call;
    napi_value arguments[2];
    int32_t connection = -1;
    arguments_of(env, info, arguments, 2);
    napi_get_value_int32(env, arguments[0], &connection);
    engine_stop();
    char *reason = text_of(env, arguments[1]);
    kept_compare();
    bool ready = call_read_unforked(connection, reason ? reason : "", &call);
    free(reason);
    return ready ? adopt(env, &call) : text_or_null(env, NULL);
}

/* uv_guess_handle and the order of uv_handle_type are part of libuv's stable ABI; the N-API headers come
 * without uv.h. */
int uv_guess_handle(int descriptor);

/* kindOf(descriptor): which kind of stream Node makes of it */
static napi_value kind_of(napi_env env, napi_callback_info info) {
    napi_value argument;
    int32_t descriptor = -1;
    arguments_of(env, info, &argument, 1);
    napi_get_value_int32(env, argument, &descriptor);
    switch (uv_guess_handle(descriptor)) {
    case 7:
        return text_or_null(env, "pipe");
    case 12:
        return text_or_null(env, "tcp");
    case 14:
        return text_or_null(env, "tty");
    case 15:
        return text_or_null(env, "udp");
    case 17:
        return text_or_null(env, "file");
    default:
        return text_or_null(env, "unknown");
    }
}

/* lead(number, descriptor): a number leads to where another descriptor leads; where that is closed it stays
 * as it was */
static napi_value lead(napi_env env, napi_callback_info info) {
    napi_value arguments[2];
    int32_t number = -1, descriptor = -1;
    arguments_of(env, info, arguments, 2);
    napi_get_value_int32(env, arguments[0], &number);
    napi_get_value_int32(env, arguments[1], &descriptor);
    dup3(descriptor, number, O_CLOEXEC);
    return NULL;
}

static napi_value socket_pair(napi_env env, napi_callback_info info) {
    int ends[2];
    napi_value pair, end;
    (void)info;
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0) {
        napi_throw_error(env, NULL, "cannot make a socket pair");
        return NULL;
    }
    napi_create_array_with_length(env, 2, &pair);
    for (uint32_t i = 0; i < 2; i++) {
        napi_create_int32(env, ends[i], &end);
        napi_set_element(env, pair, i, end);
    }
    return pair;
}

/* writeUnforkable(path, reason): leaves word for the launcher, with the files whose change makes it try again
 */
static napi_value write_unforkable(napi_env env, napi_callback_info info) {
    napi_value arguments[2], result;
    arguments_of(env, info, arguments, 2);
    char *path = text_of(env, arguments[0]), *reason = text_of(env, arguments[1]);
    bool written = path && reason && stale && marker_write(stale, path, reason);
    free(path);
    free(reason);
    napi_get_boolean(env, written, &result);
    return result;
}

/* leaveParent(): under a launcher of version 1 the server is a child of the process that it started. null in
 * that child; "busy" when JavaScript must run once before; else why it cannot be done */
static napi_value leave_parent(napi_env env, napi_callback_info info) {
    (void)info;
    if (!engine_quiesce(QUIESCE_MS)) return text_or_null(env, "busy");
    if (engine_leave_parent()) return text_or_null(env, NULL);
    engine_resume();
    return text_or_null(env, "cannot fork");
}

/* openLog({ script, facility, socket, watcher }) */
static napi_value open_log(napi_env env, napi_callback_info info) {
    napi_value object;
    arguments_of(env, info, &object, 1);
    char *script = text_property(env, object, "script"), *socket = text_property(env, object, "socket");
    log_open(&(struct log_options){
        .script = script ? script : "",
        .facility = (int)number_property(env, object, "facility"),
        .socket = socket ? socket : "",
        .watcher = (int)number_property(env, object, "watcher"),
    });
    return text_or_null(env, NULL);
}

/* log(severity, text) */
static napi_value log_text(napi_env env, napi_callback_info info) {
    napi_value arguments[2];
    int32_t severity = 0;
    arguments_of(env, info, arguments, 2);
    napi_get_value_int32(env, arguments[0], &severity);
    char *text = text_of(env, arguments[1]);
    log_line(severity, "%s", text ? text : "");
    free(text);
    return text_or_null(env, NULL);
}

/* appendLog(pid, script, text) */
static napi_value append_log(napi_env env, napi_callback_info info) {
    napi_value arguments[3];
    int32_t pid = 0;
    arguments_of(env, info, arguments, 3);
    napi_get_value_int32(env, arguments[0], &pid);
    char *script = text_of(env, arguments[1]), *text = text_of(env, arguments[2]);
    if (script && text) log_append(pid, script, text);
    free(script);
    free(text);
    return text_or_null(env, NULL);
}

/* syslogMessage(priority, pid, script, text) */
static napi_value syslog_message(napi_env env, napi_callback_info info) {
    napi_value arguments[4];
    int32_t priority = 0, pid = 0;
    char message[2048 + 256] = "";
    arguments_of(env, info, arguments, 4);
    napi_get_value_int32(env, arguments[0], &priority);
    napi_get_value_int32(env, arguments[1], &pid);
    char *script = text_of(env, arguments[2]), *text = text_of(env, arguments[3]);
    if (script && text) log_syslog_message(priority, pid, script, text, message, sizeof message);
    free(script);
    free(text);
    return text_or_null(env, message);
}

/* sendLog(socket, message): whether it could be sent without waiting */
static napi_value send_log(napi_env env, napi_callback_info info) {
    napi_value arguments[2], result;
    arguments_of(env, info, arguments, 2);
    char *socket = text_of(env, arguments[0]), *message = text_of(env, arguments[1]);
    napi_get_boolean(env, message && log_send(socket, message), &result);
    free(socket);
    free(message);
    return result;
}

static const struct {
    const char *name;
    napi_callback call;
} exported[] = {
    {"startEngine", start_engine},
    {"unforkable", unforkable},
    {"note", note},
    {"becomeServer", become_server},
    {"serve", serve},
    {"finishTasks", finish_tasks},
    {"isCalled", is_called},
    {"makePagesReady", make_pages_ready},
    {"collect", collect},
    {"forgetSeeds", forget_seeds},
    {"awaitCall", await_call},
    {"adoptFirstCall", adopt_first_call},
    {"takeName", take_name},
    {"giveUpName", give_up_name},
    {"kindOf", kind_of},
    {"lead", lead},
    {"socketPair", socket_pair},
    {"writeUnforkable", write_unforkable},
    {"leaveParent", leave_parent},
    {"openLog", open_log},
    {"log", log_text},
    {"appendLog", append_log},
    {"syslogMessage", syslog_message},
    {"sendLog", send_log},
};

/* What the macro below defines, declared first: the headers do not. */
NAPI_MODULE_EXPORT int32_t NODE_API_MODULE_GET_API_VERSION(void);
NAPI_MODULE_EXPORT napi_value NAPI_MODULE_INITIALIZER(napi_env env, napi_value exports);

NAPI_MODULE_INIT(/* napi_env env, napi_value exports */) {
    log_find_file();
    for (size_t i = 0; i < sizeof exported / sizeof *exported; i++) {
        napi_value function;
        if (napi_create_function(env, exported[i].name, NAPI_AUTO_LENGTH, exported[i].call, NULL,
                                 &function) != napi_ok ||
            napi_set_named_property(env, exports, exported[i].name, function) != napi_ok)
            return NULL;
    }
    return exports;
}
