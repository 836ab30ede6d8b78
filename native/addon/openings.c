#include "openings.h"
#include "lines.h"
#include "peek.h"
#include "symbols.h"
#include "tracing.h"
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>

#define PLACES 1024
#define RESOURCES 1024
#define REQUESTS 256
#define DESCRIPTORS 1024

/* To look at the stack takes 2 to 25 µs: a script that opens thousands shall not wait for it. */
#define LOOKS 1000

/* A line, and how many of the things below it opened. What is not used any more is forgotten when its room is
 * needed: it may have gone in a garbage collection, or on another thread. */
struct place {
    line line;
    int uses;
};

struct resource {
    uint64_t id; /* 0: none */
    bool is_worker;
    struct place *place;
};

/* Another thread is to open a file for fs.open or fs.promises.open. */
struct request {
    uint64_t path; /* its hash */
    struct place *place;
};

struct descriptor {
    dev_t device;
    ino_t inode;
    struct place *place;
};

static struct {
    pthread_mutex_t lock;
    pthread_t thread;
    void *isolate;
    struct place places[PLACES];
    struct resource resources[RESOURCES];
    struct request requests[REQUESTS]; /* the oldest is overwritten */
    struct descriptor descriptors[DESCRIPTORS];
    size_t next_place, next_request, looks;
    bool opening; /* the main thread, in a function of node:fs */
} openings = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool on_main_thread(void) {
    return pthread_equal(pthread_self(), openings.thread);
}

static void let_go(struct place **place) {
    if (*place) __atomic_sub_fetch(&(*place)->uses, 1, __ATOMIC_RELEASE);
    *place = NULL;
}

static struct place *place_of(line which) {
    for (size_t tries = 0; which && tries < PLACES; tries++) {
        struct place *place = &openings.places[openings.next_place++ % PLACES];
        if (__atomic_load_n(&place->uses, __ATOMIC_ACQUIRE)) continue;
        line_forget(place->line);
        *place = (struct place){which, 1};
        return place;
    }
    line_forget(which);
    return NULL;
}

static struct resource *find_resource(uint64_t id) {
    for (size_t i = 0; i < RESOURCES; i++)
        if (openings.resources[i].id == id) return &openings.resources[i];
    return NULL;
}

/* The second socket that is tried for a name, or a connection that was accepted, is made in a callback, with
 * no line of the script on the stack. */
static struct place *place_of_cause(void) {
    double cause = node.execution_async_id(openings.isolate);
    struct resource *resource = cause > 0 ? find_resource((uint64_t)cause) : NULL;
    if (!resource || !resource->place) return NULL;
    __atomic_add_fetch(&resource->place->uses, 1, __ATOMIC_RELAXED);
    return resource->place;
}

static struct place *place_now(void) {
    struct place *place = openings.looks++ < LOOKS ? place_of(line_now()) : NULL;
    return place ? place : place_of_cause();
}

/* What has a handle or a thread, and what leads to one later. Others come by the thousand. */
static bool is_of_interest(const char *type) {
    static const char *const types[] = {
        "TCPWRAP",         "TCPSERVERWRAP", "PIPEWRAP",           "PIPESERVERWRAP",
        "UDPWRAP",         "TTYWRAP",       "PROCESSWRAP",        "FSEVENTWRAP",
        "STATWATCHER",     "WORKER",        "GETADDRINFOREQWRAP", "TCPCONNECTWRAP",
        "PIPECONNECTWRAP",
    };
    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcmp(type, types[i]) == 0) return true;
    return false;
}

static void note_resource(const char *type, uint64_t id) {
    if (!on_main_thread() || !is_of_interest(type)) return;
    struct resource *room = find_resource(0);
    if (!room) return;
    *room = (struct resource){id, strcmp(type, "WORKER") == 0, place_now()};
}

/* A worker thread's resources have numbers of their own. */
static void drop_resource(const char *type, uint64_t id) {
    if (!on_main_thread() || !is_of_interest(type)) return;
    struct resource *resource = find_resource(id);
    if (!resource) return;
    let_go(&resource->place);
    resource->id = 0;
}

static uint64_t hash(const char *text) {
    uint64_t value = 14695981039346656037u;
    for (; *text; text++)
        value = (value ^ (unsigned char)*text) * 1099511628211u;
    return value;
}

static void note_request(const char *path) {
    if (!on_main_thread()) return;
    struct place *place = place_now();
    pthread_mutex_lock(&openings.lock);
    struct request *request = &openings.requests[openings.next_request++ % REQUESTS];
    let_go(&request->place);
    *request = (struct request){hash(path), place};
    pthread_mutex_unlock(&openings.lock);
}

/* The one that has waited longest for this path. */
static struct place *take_request(const char *path) {
    uint64_t wanted = hash(path);
    for (size_t i = 0; i < REQUESTS; i++) {
        struct request *request = &openings.requests[(openings.next_request + i) % REQUESTS];
        if (request->path != wanted) continue;
        struct place *place = request->place;
        *request = (struct request){0};
        return place;
    }
    return NULL;
}

/* Such as files_unforkable refuses. */
static bool is_written(int flags) {
    return (flags & O_ACCMODE) != O_RDONLY && !(flags & (O_APPEND | O_PATH));
}

static void note_opening(bool begins) {
    if (on_main_thread()) openings.opening = begins;
}

/* V8 takes a lock of the tracer's as it reads the stack, and a tracer holds it as it opens its file. So the
 * stack is read only where it is known who opens: node:fs; and SQLite, Node's or an addon's, which alone asks
 * for this. */
static bool is_known_to_hold_no_lock(int flags) {
    bool opening = openings.opening;
    openings.opening = false;
    return opening || (flags & (O_ACCMODE | O_NOFOLLOW)) == (O_RDWR | O_NOFOLLOW);
}

/* The observer calls this for every open of this process, on the thread that did it. */
static void note_opened(int descriptor, const char *path, int flags) {
    struct stat file;
    bool here = on_main_thread(), can_look = here && is_known_to_hold_no_lock(flags);
    bool kept =
        descriptor >= 0 && descriptor < DESCRIPTORS && is_written(flags) && fstat(descriptor, &file) == 0;
    if (here && !kept) return;
    struct place *place = can_look ? place_now() : NULL;
    pthread_mutex_lock(&openings.lock);
    if (!here) place = take_request(path);
    if (kept) {
        struct descriptor *noted = &openings.descriptors[descriptor];
        let_go(&noted->place);
        *noted = (struct descriptor){file.st_dev, file.st_ino, place};
    } else {
        let_go(&place);
    }
    pthread_mutex_unlock(&openings.lock);
}

typedef void (*open_listener)(int descriptor, const char *path, int flags);

static void listen_to_observer(open_listener listener) {
    open_listener *slot = dlsym(RTLD_DEFAULT, "pfi_observer_on_open");
    if (slot) __atomic_store_n(slot, listener, __ATOMIC_RELEASE);
}

void openings_watch(napi_env env) {
    static const struct tracing_listener listener = {note_resource, drop_resource, note_request,
                                                     note_opening};
    openings.thread = pthread_self();
    openings.isolate = node.current_isolate();
    if (!node.execution_async_id || !lines_start(env)) return;
    tracing_listen(&listener);
    listen_to_observer(note_opened);
}

void openings_stop(void) {
    listen_to_observer(NULL);
    tracing_stop();
    pthread_mutex_lock(&openings.lock);
    for (size_t i = 0; i < PLACES; i++)
        line_forget(openings.places[i].line);
    memset(openings.places, 0, sizeof openings.places);
    memset(openings.resources, 0, sizeof openings.resources);
    memset(openings.requests, 0, sizeof openings.requests);
    memset(openings.descriptors, 0, sizeof openings.descriptors);
    pthread_mutex_unlock(&openings.lock);
    lines_stop();
}

static bool tell(const struct place *place, char *text, size_t size) {
    if (place && line_tell(place->line, text, size)) return true;
    text[0] = '\0';
    return false;
}

static uint64_t bits_of(uint64_t id) {
    double number = (double)id;
    uint64_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits;
}

/* Node's object behind a handle holds its number and then that of what caused it, both as double. A
 * connection that was accepted is caused by what listens. */
static const struct place *place_of_pair(const uint64_t *words) {
    const struct resource *itself = NULL, *cause = NULL;
    for (size_t i = 0; i < RESOURCES; i++) {
        const struct resource *resource = &openings.resources[i];
        if (resource->id && bits_of(resource->id) == words[0]) itself = resource;
        if (resource->id && bits_of(resource->id) == words[1]) cause = resource;
    }
    if (!itself) return NULL;
    return itself->place || !cause ? itself->place : cause->place;
}

bool openings_of_handle(const void *wrap, char *text, size_t size) {
    uint64_t words[16];
    text[0] = '\0';
    if (!peek(wrap, words, sizeof words)) return false;
    for (size_t i = 0; i < sizeof words / sizeof *words - 1; i++)
        if (tell(place_of_pair(words + i), text, size)) return true;
    return false;
}

bool openings_of_file(int descriptor, char *text, size_t size) {
    struct stat now;
    text[0] = '\0';
    if (descriptor < 0 || descriptor >= DESCRIPTORS || fstat(descriptor, &now) < 0) return false;
    const struct descriptor *noted = &openings.descriptors[descriptor];
    return now.st_dev == noted->device && now.st_ino == noted->inode && tell(noted->place, text, size);
}

bool openings_of_worker(char *text, size_t size) {
    const struct resource *last = NULL;
    for (size_t i = 0; i < RESOURCES; i++) {
        const struct resource *resource = &openings.resources[i];
        if (resource->id && resource->is_worker && (!last || resource->id > last->id)) last = resource;
    }
    text[0] = '\0';
    return last && tell(last->place, text, size);
}
