#include "lines.h"
#include "symbols.h"
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A wrapper of a wrapper of a call of Node's still fits. */
#define FRAMES 24

/* V8's for "every kind of collection". */
#define ALL_COLLECTIONS 31

static struct {
    napi_env env;
    void *isolate;
    pthread_t thread;
    int collecting;
} lines;

/* A finalizer may open a file in the middle of a garbage collection, and reading the stack takes memory from
 * the heap that is being collected. */
static void collection_begins(void *isolate, int kind, int flags) {
    (void)isolate, (void)kind, (void)flags;
    lines.collecting++;
}

static void collection_ends(void *isolate, int kind, int flags) {
    (void)isolate, (void)kind, (void)flags;
    lines.collecting--;
}

static bool all_found(void) {
    return node.in_context && node.stack_trace && node.stack_frame && node.stack_frames && node.frame_name &&
           node.frame_location && (node.make_global || node.make_global_of) && node.dispose_global &&
           node.before_collection && node.after_collection && node.not_before_collection &&
           node.not_after_collection;
}

bool lines_start(napi_env env) {
    if (!all_found()) return false;
    lines.isolate = node.current_isolate();
    lines.thread = pthread_self();
    lines.env = env;
    node.before_collection(lines.isolate, collection_begins, ALL_COLLECTIONS);
    node.after_collection(lines.isolate, collection_ends, ALL_COLLECTIONS);
    return true;
}

void lines_stop(void) {
    if (!lines.env) return;
    lines.env = NULL;
    node.not_before_collection(lines.isolate, collection_begins);
    node.not_after_collection(lines.isolate, collection_ends);
}

static bool can_look(void) {
    return lines.env && pthread_equal(pthread_self(), lines.thread) && !lines.collecting &&
           node.current_isolate() == lines.isolate && node.in_context(lines.isolate);
}

/* A Local<String> is what Node-API calls a value. */
static bool name_of(const void *frame, char *name, size_t size) {
    size_t length;
    napi_value value = (napi_value)node.frame_name(frame);
    return value && napi_get_value_string_utf8(lines.env, value, name, size, &length) == napi_ok;
}

static bool is_file(const char *name) {
    return name[0] == '/' || strncmp(name, "file://", 7) == 0;
}

static line keep(const uintptr_t *frame) {
    return node.make_global ? node.make_global(lines.isolate, *frame)
                            : node.make_global_of(lines.isolate, frame);
}

/* Node's own are called node:something, what eval made has no name. */
static line find(const void *trace) {
    char beginning[8];
    int count = node.stack_frames(trace);
    for (int i = 0; i < count; i++) {
        const uintptr_t *frame = node.stack_frame(trace, lines.isolate, (uint32_t)i);
        if (frame && name_of(frame, beginning, sizeof beginning) && is_file(beginning)) return keep(frame);
    }
    return NULL;
}

line line_now(void) {
    napi_handle_scope scope;
    if (!can_look() || napi_open_handle_scope(lines.env, &scope) != napi_ok) return NULL;
    const void *trace = node.stack_trace(lines.isolate, FRAMES, 0);
    line found = trace ? find(trace) : NULL;
    napi_close_handle_scope(lines.env, scope);
    return found;
}

static int hexadecimal(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    digit |= 0x20;
    return digit >= 'a' && digit <= 'f' ? digit - 'a' + 10 : -1;
}

/* A module is called by its URL. */
static void make_path(char *name) {
    const char *from = name + 7;
    if (name[0] == '/') return;
    while (*from) {
        int high = *from == '%' ? hexadecimal(from[1]) : -1, low = high < 0 ? -1 : hexadecimal(from[2]);
        *name++ = low < 0 ? *from : (char)(high << 4 | low);
        from += low < 0 ? 1 : 3;
    }
    *name = '\0';
}

/* A v8::Location comes in one register: the line below, the column above, both counted from 0. */
bool line_tell(line which, char *text, size_t size) {
    napi_handle_scope scope;
    if (!which || !can_look() || napi_open_handle_scope(lines.env, &scope) != napi_ok) return false;
    bool named = name_of(which, text, size);
    int32_t number = (int32_t)(uint32_t)node.frame_location(which);
    napi_close_handle_scope(lines.env, scope);
    if (!named || number < 0) return false;
    make_path(text);
    size_t length = strlen(text), room = size - length;
    return snprintf(text + length, room, ":%d", number + 1) < (int)room;
}

void line_forget(line which) {
    if (which) node.dispose_global(which);
}
