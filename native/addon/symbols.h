/* What the engine uses of the node binary: C++ functions by their mangled names, found with dlsym. */
#ifndef PREFORK_SYMBOLS_H
#define PREFORK_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uv_loop_s;
struct uv_handle_s;

/* A std::function<void(node::Environment *, int)> as libstdc++ lays it out. */
struct exit_handler {
    uintptr_t functor[2];
    bool (*manage)(void *destination, const void *source, int operation);
    void (*invoke)(const void *functor, void **environment, int *code);
};

/* In the Itanium C++ ABI a method takes `this` as its first argument, and a unique_ptr argument is the
 * address of the caller's pointer. */
struct node_symbols {
    void *(*current_isolate)(void);
    void **(*current_context)(void *isolate);
    void (*add_before_call_entered)(void *isolate, void (*callback)(void *isolate));
    void *(*current_environment)(void *context);
    void *(*platform_of)(void *environment);
    void (*at_exit)(void *environment, void (*callback)(void *), void *argument);
    void (*run_at_exit)(void *environment);
    void (*set_process_exit_handler)(void *environment, struct exit_handler *handler);
    int (*stop)(void *environment, int flags);
    void (*stop_sub_workers)(void *environment);
    int (*number_of_workers)(void *platform);
    bool (*flush_foreground)(void *platform, void *isolate);
    void (*drain)(void *platform, void *isolate);
    const void *platform_vtable; /* the symbol: two words before the first method */
    size_t platform_vtable_size;
    int (*loop_fork)(struct uv_loop_s *loop);
    uint64_t (*loop_now)(const struct uv_loop_s *loop);
    void (*walk)(struct uv_loop_s *loop, void (*visit)(struct uv_handle_s *, void *), void *context);
    int (*handle_type)(const struct uv_handle_s *handle);
    size_t (*handle_size)(int type);
    int (*async_send)(struct uv_handle_s *async);
    void (*library_shutdown)(void);
    int (*tty_reset_mode)(void);
    int (*set_process_title)(const char *title);
    int (*queue_work)(struct uv_loop_s *loop, void *request, void (*work)(void *),
                      void (*after)(void *, int));

    /* One of each pair: Node 20 has the first, Node 22 and later have the second. */
    void (*call_on_worker)(void *platform, void **task);
    void (*post_on_worker)(void *platform, int priority, void **task, const void *location);
    void (*call_delayed_on_worker)(void *platform, void **task, double seconds);
    void (*post_delayed_on_worker)(void *platform, int priority, void **task, double seconds,
                                   const void *location);

    /* These may be NULL. */
    void **(*creation_context)(const void *object);
    void (*request_collection)(void *isolate, int type);
    uint64_t (*timer_now)(void *environment);
    uint64_t *start_time, *process_start;
    double *process_start_timestamp;
    void (*destroy_platform)(void *platform);
    void (*delete_platform)(void *platform);

    /* lines.c. A Local is one pointer, here to what a handle holds, and so is a Global. */
    bool (*in_context)(void *isolate);
    const void *(*stack_trace)(void *isolate, int limit, int options);
    int (*stack_frames)(const void *trace);
    const uintptr_t *(*stack_frame)(const void *trace, void *isolate, uint32_t index);
    void *(*frame_name)(const void *frame);
    uint64_t (*frame_location)(const void *frame);
    void *(*make_global)(void *isolate, uintptr_t value);
    void *(*make_global_of)(void *isolate, const uintptr_t *handle); /* the same, in Node 20 */
    void (*dispose_global)(void *global);
    void (*before_collection)(void *isolate, void (*callback)(void *, int, int), int kinds);
    void (*after_collection)(void *isolate, void (*callback)(void *, int, int), int kinds);
    void (*not_before_collection)(void *isolate, void (*callback)(void *, int, int));
    void (*not_after_collection)(void *isolate, void (*callback)(void *, int, int));

    /* tracing.c, openings.c */
    void *(*tracing_controller)(void);
    const void *tracing_vtable;
    size_t tracing_vtable_size;
    const uint8_t *(*trace_category)(void *controller, const char *group);
    const char *(*trace_category_name)(const uint8_t *category);
    uint64_t (*add_trace_event)(void *controller, char phase, const uint8_t *category, const char *name,
                                const char *scope, uint64_t id, uint64_t bind_id, int32_t count,
                                const char **argument_names, const uint8_t *types, const uint64_t *values,
                                void *convertibles, unsigned flags);
    double (*execution_async_id)(void *isolate);
};

extern struct node_symbols node;

/* Fills `node`. Returns NULL, or which symbol is missing (a static string). */
const char *symbols_resolve(void);

#endif
