#include "tracing.h"
#include "symbols.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define VTABLE_HEAD 2

/* Of a category's byte: a tracer records it; somebody wants to be called. V8's controller knows the second
 * bit and never sets it. */
#define RECORDED 1
#define LISTENED_TO 4

/* As in trace events: phases, and the type of an argument that is a string. */
#define PHASE_BEGIN 'b'
#define PHASE_END 'e'
#define PHASE_ENTERED 'B'
#define PHASE_LEFT 'E'
#define TYPE_STRING 6
#define TYPE_COPIED_STRING 7

enum { RESOURCES, FILES, FILES_NOW, CATEGORIES };
static const char *const names[CATEGORIES] = {"node,node.async_hooks", "node,node.fs,node.fs.async",
                                              "node,node.fs,node.fs.sync"};

static struct {
    void *controller;
    const void **vtable; /* a copy, from its head */
    uint8_t *category[CATEGORIES];
    const struct tracing_listener *listener;
} tracing;

static void tell_of_resource(const struct tracing_listener *listener, char phase, const char *name,
                             uint64_t id) {
    if (phase == PHASE_BEGIN) listener->made(name, id);
    if (phase == PHASE_END) listener->destroyed(name, id);
}

static void tell_of_file(const struct tracing_listener *listener, char phase, const char *name, int count,
                         const uint8_t *types, const uint64_t *values) {
    if (phase != PHASE_BEGIN || count < 1 || strcmp(name, "open") != 0) return;
    if (*types == TYPE_STRING || *types == TYPE_COPIED_STRING)
        listener->will_open((const char *)(uintptr_t)*values);
}

static void tell_of_file_now(const struct tracing_listener *listener, char phase, const char *name) {
    if ((phase == PHASE_ENTERED || phase == PHASE_LEFT) && strcmp(name, "fs.sync.open") == 0)
        listener->opening(phase == PHASE_ENTERED);
}

/* v8::TracingController::AddTraceEvent. Whoever records gets what it would get. */
static uint64_t add_trace_event(void *self, char phase, const uint8_t *category, const char *name,
                                const char *scope, uint64_t id, uint64_t bind_id, int32_t count,
                                const char **argument_names, const uint8_t *types, const uint64_t *values,
                                void *convertibles, unsigned flags) {
    if (category == tracing.category[RESOURCES])
        tell_of_resource(tracing.listener, phase, name, id);
    else if (category == tracing.category[FILES])
        tell_of_file(tracing.listener, phase, name, count, types, values);
    else if (category == tracing.category[FILES_NOW])
        tell_of_file_now(tracing.listener, phase, name);
    if (!(*category & RECORDED)) return 0;
    return node.add_trace_event(self, phase, category, name, scope, id, bind_id, count, argument_names, types,
                                values, convertibles, flags);
}

static const void *const *original_vtable(void) {
    return (const void *const *)node.tracing_vtable + VTABLE_HEAD;
}

/* Any other controller may answer with a byte that cannot be written. */
static bool is_nodes_own(const void *controller) {
    return controller && *(const void *const *const *)controller == original_vtable();
}

static bool find_categories(void) {
    for (int i = 0; i < CATEGORIES; i++) {
        tracing.category[i] = (uint8_t *)(uintptr_t)node.trace_category(tracing.controller, names[i]);
        if (!tracing.category[i] || *tracing.category[i]) return false;
        if (strcmp(node.trace_category_name(tracing.category[i]), names[i]) != 0) return false;
    }
    return true;
}

static bool copy_vtable(void) {
    size_t size = node.tracing_vtable_size;
    tracing.vtable = malloc(size);
    if (!tracing.vtable) return false;
    memcpy(tracing.vtable, node.tracing_vtable, size);
    for (size_t i = VTABLE_HEAD; i < size / sizeof(void *); i++)
        if (tracing.vtable[i] == (const void *)node.add_trace_event) {
            tracing.vtable[i] = (const void *)add_trace_event;
            return true;
        }
    free(tracing.vtable);
    return false;
}

static void set_vtable(const void *const *methods) {
    __atomic_store_n((const void *const **)tracing.controller, methods, __ATOMIC_RELEASE);
}

bool tracing_listen(const struct tracing_listener *listener) {
    if (!node.tracing_controller || !node.add_trace_event || !node.trace_category ||
        !node.trace_category_name || !node.tracing_vtable_size)
        return false;
    void *controller = node.tracing_controller();
    if (!is_nodes_own(controller)) return false;
    tracing.controller = controller;
    if (!find_categories() || !copy_vtable()) return false;
    tracing.listener = listener;
    set_vtable((const void *const *)tracing.vtable + VTABLE_HEAD);
    for (int i = 0; i < CATEGORIES; i++)
        *tracing.category[i] |= LISTENED_TO;
    return true;
}

void tracing_stop(void) {
    if (!tracing.listener) return;
    for (int i = 0; i < CATEGORIES; i++)
        *tracing.category[i] &= (uint8_t)~LISTENED_TO;
    set_vtable(original_vtable());
}
