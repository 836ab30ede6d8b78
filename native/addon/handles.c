#include "handles.h"
#include "openings.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* libuv's C interface, exported by the node binary; the N-API headers come without uv.h. The values of the
 * enumeration and the beginning of uv_loop_t are part of its stable ABI since 1.0. */
struct uv_loop_s {
    void *data;
    unsigned active_handles;
    void *handle_queue[2];
    union {
        void *unused;
        unsigned count;
    } active_reqs;
};
typedef struct uv_handle_s uv_handle_t;
enum {
    HANDLE_ASYNC = 1,
    HANDLE_CHECK,
    HANDLE_FS_EVENT,
    HANDLE_FS_POLL,
    HANDLE_HANDLE,
    HANDLE_IDLE,
    HANDLE_NAMED_PIPE,
    HANDLE_POLL,
    HANDLE_PREPARE,
    HANDLE_PROCESS,
    HANDLE_STREAM,
    HANDLE_TCP,
    HANDLE_TIMER,
    HANDLE_TTY,
    HANDLE_UDP,
    HANDLE_SIGNAL
};
void uv_walk(struct uv_loop_s *loop, void (*visit)(uv_handle_t *, void *), void *context);
int uv_handle_get_type(const uv_handle_t *handle);
const char *uv_handle_type_name(int type);
int uv_fileno(const uv_handle_t *handle, int *descriptor);
int uv_is_closing(const uv_handle_t *handle);

struct description {
    char *list;
    size_t size, length;
    char last[OPENING_MAX + 64];
    struct stat standard[3];
};

static void add(struct description *d, const char *what) {
    int n = snprintf(d->list + d->length, d->size - d->length, "%s%s", d->length ? ", " : "", what);
    if (n > 0) d->length += (size_t)n;
    if (d->length >= d->size) d->length = d->size - 1;
}

/* A child process has three pipes, all from one line: they are named once. */
static void add_handle(struct description *d, const uv_handle_t *handle, const char *kind) {
    char line[OPENING_MAX], item[sizeof d->last];
    if (!openings_of_handle(*(void *const *)handle, line, sizeof line)) {
        add(d, kind);
        return;
    }
    snprintf(item, sizeof item, "%s (opened at %s)", kind, line);
    if (strcmp(item, d->last) != 0) add(d, item);
    strcpy(d->last, item);
}

static bool is_stdio(const struct description *d, const uv_handle_t *handle) {
    int descriptor;
    struct stat here;
    if (uv_fileno(handle, &descriptor) < 0) return false;
    if (descriptor <= 2) return true;
    if (fstat(descriptor, &here) < 0) return false;
    for (int i = 0; i < 3; i++)
        if (here.st_dev == d->standard[i].st_dev && here.st_ino == d->standard[i].st_ino) return true;
    return false;
}

static void visit(uv_handle_t *handle, void *context) {
    struct description *d = context;
    int type = uv_handle_get_type(handle);
    switch (type) {
    case HANDLE_NAMED_PIPE:
    case HANDLE_TTY:
    case HANDLE_TCP:
        if (is_stdio(d, handle)) return;
        break;
    case HANDLE_FS_EVENT:
    case HANDLE_FS_POLL:
    case HANDLE_POLL:
    case HANDLE_PROCESS:
    case HANDLE_UDP:
        break;
    default: /* timers, signals and Node's own: plain memory, or repaired by uv_loop_fork */
        return;
    }
    if (!uv_is_closing(handle)) add_handle(d, handle, uv_handle_type_name(type));
}

const char *handles_unforkable(napi_env env) {
    static char list[896]; /* a line of the launcher's has room for 1024 */
    struct uv_loop_s *loop;
    struct description d = {.list = list, .size = sizeof list};
    list[0] = '\0';
    if (napi_get_uv_event_loop(env, &loop) != napi_ok) return NULL;
    for (int i = 0; i < 3; i++)
        fstat(i, &d.standard[i]);
    uv_walk(loop, visit, &d);
    if (loop->active_reqs.count > 0) add(&d, "request in flight");
    return list[0] ? list : NULL;
}
