/* For a setup: may it be forked, what has it looked at, what is it called by. */
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "bindings.h"
#include "engine.h"
#include "files.h"
#include "forget.h"
#include "handles.h"
#include "kept.h"
#include "marker.h"
#include "naming.h"
#include "notes.h"
#include "openings.h"
#include "title.h"

struct stale *noted_files(void) {
    static struct stale *stale;
    if (!stale) stale = stale_new();
    return stale;
}

/* startEngine(): null, or why forking cannot be done */
static napi_value start_engine(napi_env env, napi_callback_info info) {
    (void)info;
    const char *environment = NULL;
    size_t size = 0;
    title_note(&environment, &size);
    if (environment) kept_note(environment, size);
    if (environment) forget_note_environment(environment, size);
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
        napi_get_element(env, array, i, &element);
        numbers[i] = int_of(env, element);
    }
    return count;
}

/* unforkable(ours, notes): null, or what is open or runs that forks cannot share. ours: the launcher's
 * descriptors, or null where others may be inherited still; notes: the observer's, or -1 */
static napi_value unforkable(napi_env env, napi_callback_info info) {
    int ours[LAUNCHER_DESCRIPTORS];
    napi_value arguments[2];
    bool known = false;
    arguments_of(env, info, arguments, 2);
    napi_is_array(env, arguments[0], &known);
    int notes = int_of(env, arguments[1]);
    const char *reason = engine_unforkable();
    if (!reason && notes >= 0 && !notes_are_of_all(notes))
        reason = "its node was chosen by a program that cannot be looked into";
    if (!reason) reason = handles_unforkable(env);
    if (!reason && known) reason = files_unforkable(ours, descriptors_of(env, arguments[0], ours));
    openings_stop();
    if (!reason) files_hold(noted_files());
    return text_or_null(env, reason);
}

/* note(notes, files, since): fills the staleness store. notes: the observer's descriptor or -1;
 * files: names to compare besides; since: [seconds, nanoseconds] for a launcher without observer, else null.
 * Returns whether the notes were whole. */
static napi_value note(napi_env env, napi_callback_info info) {
    napi_value arguments[3];
    uint32_t count = 0;
    bool whole = true, has_since = false;
    struct timespec since = {0};
    struct stale *stale = noted_files();
    arguments_of(env, info, arguments, 3);
    int notes = int_of(env, arguments[0]);
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
    return truth(env, whole);
}

/* Text that is none, or too much of it, is left out: then more counts. */
static void ignore_all(napi_env env, napi_value patterns, struct looks *looks) {
    uint32_t count = 0;
    napi_get_array_length(env, patterns, &count);
    for (uint32_t i = 0; i < count; i++) {
        napi_value element;
        napi_get_element(env, patterns, i, &element);
        char *pattern = text_of(env, element);
        if (pattern) looks_ignore(looks, pattern);
        free(pattern);
    }
}

/* What the server writes down and shares in memory is not the first caller's; each call gets its own limits.
 */
static void raise_file_sizes(void) {
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

/* takeName(listener, notes, forkable, ignored): { path, served, problem, parts, files }; naming.h */
static napi_value take_name(napi_env env, napi_callback_info info) {
    static struct naming naming;
    static struct looks own;
    napi_value arguments[4], result, value;
    arguments_of(env, info, arguments, 4);
    int notes = int_of(env, arguments[1]);
    if (notes >= 0) raise_file_sizes(); /* not under a launcher of version 1, which sends no limits */
    ignore_all(env, arguments[3], &own);
    naming_take(int_of(env, arguments[0]), notes, bool_of(env, arguments[2]), &own, &naming);
    kept_take_notes(notes);
    forget_take_notes(notes);
    napi_create_object(env, &result);
    set_own(env, result, "path", text_or_null(env, naming.path[0] ? naming.path : NULL));
    set_own(env, result, "served", truth(env, naming.served));
    set_own(env, result, "problem", text_or_null(env, naming.problem));
    napi_create_string_latin1(env, naming.parts.text, naming.parts.size, &value);
    set_own(env, result, "parts", value);
    napi_create_uint32(env, (uint32_t)stale_count(noted_files()), &value);
    set_own(env, result, "files", value);
    return result;
}

/* giveUpName(listener) */
static napi_value give_up_name(napi_env env, napi_callback_info info) {
    napi_value listener;
    arguments_of(env, info, &listener, 1);
    naming_give_up(int_of(env, listener));
    return text_or_null(env, NULL);
}

/* writeUnforkable(path, reason): leaves word for the launcher, with the files whose change makes it try again
 */
static napi_value write_unforkable(napi_env env, napi_callback_info info) {
    napi_value arguments[2];
    arguments_of(env, info, arguments, 2);
    char *path = text_of(env, arguments[0]), *reason = text_of(env, arguments[1]);
    bool written = path && reason && marker_write(noted_files(), path, reason);
    free(path);
    free(reason);
    return truth(env, written);
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

const struct binding setup_bindings[] = {
    {"startEngine", start_engine},
    {"unforkable", unforkable},
    {"note", note},
    {"takeName", take_name},
    {"giveUpName", give_up_name},
    {"writeUnforkable", write_unforkable},
    {"leaveParent", leave_parent},
    {NULL, NULL},
};
