#include "setup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "base.h"
#include "child.h"
#include "close_between.h"
#include "package.h"
#include "plain.h"
#include "request.h"
#include "wire.h"

/* Where setup finds what is ours. Below lies room that placeholders keep free, so that a call's own
 * descriptors can arrive at their own numbers. Another interpreter gets them as chiark's launcher gives them:
 * as small as they come. */
#define OURS_FOR_NODE 64
#define OURS_FOR_OTHERS 3
/* Above all targets and below the smallest limit that we accept: nothing is overwritten while they are put in
 * place. */
#define ASIDE 128
#define OURS_MAX 5
#define PRELOAD "LD_PRELOAD="

extern char **environ;

/* Everything that the child needs, made before the fork. */
struct plan {
    int ours[OURS_MAX]; /* LISTEN, CALL, WATCHI, WATCHE, NOTES */
    int count;
    int first;    /* number of the first in setup */
    int observer; /* to be loaded by number instead of by name, or -1 */
    bool kept[2]; /* 0 and 1 are terminals */
    pid_t client;
    int report; /* takes errno if the interpreter cannot be executed */
    char **argv;
    char **environment;
    char *variable; /* PREFORK_INTERP=..., its text still to be written: it holds the child's pid */
    size_t variable_room;
};

static bool write_at(int fd, const void *data, size_t size, off_t at) {
    ssize_t n = pwrite(fd, data, size, at);
    if (n >= 0 && (size_t)n < size) errno = ENOSPC;
    return n >= 0 && (size_t)n == size;
}

static bool write_environment(int notes, uint32_t *size) {
    off_t start = PFI_NOTES_SIZE + sizeof(struct pfi_surroundings), at = start;
    for (char **variable = environ; *variable; variable++) {
        size_t length = strlen(*variable) + 1;
        if (!write_at(notes, *variable, length, at)) return false;
        at += (off_t)length;
    }
    *size = (uint32_t)(at - start);
    return true;
}

/* What the server needs to know its own name. */
static bool write_surroundings(const struct call *call, int notes) {
    static struct parts parts;
    uint8_t digest[SHA256_SIZE]; /* the world has it already */
    struct pfi_surroundings surroundings = {0};
    const struct world *world = &call->world;
    if (call->options.ident) return true;
    memcpy(surroundings.base, world->base, sizeof surroundings.base);
    memcpy(surroundings.directory, world->directory, sizeof surroundings.directory);
    for (int fd = 0; fd < 3; fd++)
        surroundings.terminals[fd] = world->terminals[fd];
    surroundings.any_directory = world->any_directory;
    surroundings.umask = read_umask();
    hash_base(call, digest, &parts);
    surroundings.parts_size = (uint32_t)parts.size;
    return write_environment(notes, &surroundings.environment_size) &&
           write_at(notes, parts.text, parts.size,
                    PFI_NOTES_SIZE + (off_t)sizeof surroundings + surroundings.environment_size) &&
           write_at(notes, &surroundings, sizeof surroundings, PFI_NOTES_SIZE);
}

static int open_file(const char *path) {
    return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
}

/* The observer's notes, or -1 with errno. */
static int make_notes(const struct call *call) {
    struct pfi_notes_header header = {.magic = PFI_NOTES_MAGIC,
                                      .program = program_at(call->interpreter.path, open_file, NULL)};
    for (int fd = 0; fd < 3; fd++)
        if (!call->standard[fd].terminal) header.no_terminals |= 1u << fd;
    int notes = memfd_create("prefork-interp notes", MFD_CLOEXEC);
    if (notes < 0) return -1;
    const struct rlimit *before = &call->limits[RLIMIT_FSIZE], raised = {before->rlim_max, before->rlim_max};
    setrlimit(RLIMIT_FSIZE, &raised); /* a file in memory counts as well */
    bool written = ftruncate(notes, PFI_NOTES_SIZE) == 0 && write_at(notes, &header, sizeof header, 0) &&
                   write_surroundings(call, notes);
    int reason = errno;
    setrlimit(RLIMIT_FSIZE, before);
    if (written) return notes;
    close(notes);
    errno = reason;
    return -1;
}

static bool is_variable(const char *text, const char *name) {
    size_t length = strlen(name);
    return !strncmp(text, name, length) && text[length] == '=';
}

/* LD_PRELOAD is split at spaces and colons, with no way to quote them: a path that has one is given as a
 * descriptor, in the place of the last placeholder. */
static char *plan_observer(struct plan *plan, const char *interpreter) {
    static char preload[PATH_MAX + sizeof PRELOAD] = PRELOAD;
    char *path = preload + strlen(PRELOAD);
    if (!find_observer(interpreter, path, PATH_MAX)) return NULL;
    if (!strpbrk(path, " :")) return preload;
    plan->observer = open(path, O_RDONLY | O_CLOEXEC);
    if (plan->observer < 0) return NULL;
    snprintf(path, PATH_MAX, "/proc/self/fd/%d", OURS_FOR_NODE - 1);
    return preload;
}

/* The caller's environment, ours instead of an inherited one, and the observer where there is one. */
static bool plan_environment(struct plan *plan, const struct interpreter *interpreter) {
    size_t count = 0, kept = 0;
    while (environ[count])
        count++;
    plan->variable_room = 256;
    plan->variable = malloc(plan->variable_room);
    plan->environment = calloc(count + 3, sizeof *plan->environment);
    if (!plan->variable || !plan->environment) return false;
    for (size_t i = 0; i < count; i++)
        if (!is_variable(environ[i], PFI_VARIABLE) && !is_variable(environ[i], "LD_PRELOAD"))
            plan->environment[kept++] = environ[i]; /* LD_PRELOAD is empty if it is there */
    plan->environment[kept++] = plan->variable;
    char *preload = interpreter->node ? plan_observer(plan, interpreter->path) : NULL;
    if (preload) plan->environment[kept++] = preload;
    return true;
}

/* Over a relative path Node would ask for the directory, which then counts, although the script may not care.
 */
static void name_script(const struct call *call, char **argv) {
    static char path[2 * PATH_MAX];
    const char *script = call->options.script;
    if (!script || *script == '/' || !getcwd(path, PATH_MAX)) return;
    size_t length = strlen(path);
    snprintf(path + length, sizeof path - length, "/%s", script);
    argv[1 + call->options.interpreter_argument_count] = path;
}

static bool make_plan(struct call *call, const struct gifts *gifts, struct plan *plan) {
    bool node = call->interpreter.node;
    const int ours[] = {gifts->listening, gifts->call, gifts->watcher.input, gifts->watcher.errors};
    memcpy(plan->ours, ours, sizeof ours);
    plan->count = 4;
    plan->first = node ? OURS_FOR_NODE : OURS_FOR_OTHERS;
    if (node && (plan->ours[plan->count++] = make_notes(call)) < 0) return false;
    for (int fd = 0; fd < 2; fd++)
        plan->kept[fd] = node && call->standard[fd].terminal;
    plan->argv = interpreter_argv(call);
    if (node) name_script(call, plan->argv);
    return plan_environment(plan, &call->interpreter);
}

static void write_variable(const struct plan *plan, const struct gifts *gifts, bool node) {
    char extension[64] = "", notes[16] = "";
    int first = plan->first;
    if (node) snprintf(extension, sizeof extension, "," PFI_EXTENSION ":%d", (int)getpid());
    if (plan->count == 5) snprintf(notes, sizeof notes, ",%d", first + 4);
    snprintf(plan->variable, plan->variable_room, PFI_VARIABLE "=v1,%lld.%09ld%s %d,%d,%d,%d%s",
             (long long)gifts->bound.tv_sec, gifts->bound.tv_nsec, extension, first, first + 1, first + 2,
             first + 3, notes);
}

/* Puts a descriptor out of the way of all targets. */
static int set_aside(int fd) {
    return fcntl(fd, F_DUPFD_CLOEXEC, ASIDE);
}

/* 0 from /dev/null and 1 the caller's stderr; but a terminal stays, as a tool may ask about it while it is
 * loaded. */
static bool place_standard(const struct plan *plan, int null) {
    return (plan->kept[0] || dup2(null, STDIN_FILENO) >= 0) &&
           (plan->kept[1] || dup2(STDERR_FILENO, STDOUT_FILENO) >= 0);
}

/* Standard ones, ours in their places, nothing else but placeholders. */
static bool place_descriptors(struct plan *plan) {
    int after = plan->first + plan->count;
    int null = set_aside(open("/dev/null", O_RDONLY | O_CLOEXEC));
    plan->report = set_aside(plan->report);
    if (null < 0 || plan->report < 0) return false;
    if (plan->observer >= 0 && (plan->observer = set_aside(plan->observer)) < 0) return false;
    for (int i = 0; i < plan->count; i++)
        if ((plan->ours[i] = set_aside(plan->ours[i])) < 0) return false;
    if (!place_standard(plan, null)) return false;
    for (int fd = 3; fd < plan->first; fd++)
        if (dup2(null, fd) < 0) return false;
    if (plan->observer >= 0 && dup2(plan->observer, plan->first - 1) < 0) return false;
    for (int i = 0; i < plan->count; i++)
        if (dup2(plan->ours[i], plan->first + i) < 0) return false;
    if (dup3(plan->report, after, O_CLOEXEC) < 0) return false;
    plan->report = after;
    close_between(after + 1, INT_MAX);
    return true;
}

/* Whoever kills us with SIGKILL means the script, which a plain run would have ended: a setup that nobody
 * waits for holds the socket, and keeps every later call waiting. A server takes this back, and a fork does
 * not inherit it. */
static bool die_with_client(pid_t client) {
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == client;
}

noreturn static void become_setup(struct call *call, const struct gifts *gifts, struct plan *plan) {
    give_signals_back(&call->signals);
    if (call->interpreter.node) reset_signals(); /* as Node does itself; until then nothing is lost either */
    write_variable(plan, gifts, call->interpreter.node);
    if (die_with_client(plan->client) && place_descriptors(plan))
        execve(call->interpreter.path, plan->argv, plan->environment);
    int reason = errno;
    if (write(plan->report, &reason, sizeof reason) < 0) _exit(EXIT_FAILURE);
    _exit(EXIT_FAILURE);
}

/* The pipe closes by itself when the interpreter is executed. */
static pid_t check_started(pid_t pid, int report) {
    int reason = 0;
    ssize_t n = read_whole(report, &reason, sizeof reason);
    close(report);
    errno = reason;
    return n > 0 ? -1 : pid;
}

static void free_plan(struct plan *plan) {
    if (plan->count == 5) close(plan->ours[4]);
    if (plan->observer >= 0) close(plan->observer);
    free(plan->argv);
    free(plan->environment);
    free(plan->variable);
}

static pid_t fork_setup(struct call *call, const struct gifts *gifts, struct plan *plan) {
    int report[2];
    if (pipe2(report, O_CLOEXEC) != 0) return -1;
    plan->report = report[1];
    plan->client = getpid();
    pid_t pid = fork();
    if (pid == 0) become_setup(call, gifts, plan);
    close(report[1]);
    if (pid > 0) return check_started(pid, report[0]);
    close(report[0]);
    return -1;
}

pid_t start_setup(struct call *call, const struct gifts *gifts) {
    struct plan plan = {.observer = -1};
    pid_t pid = make_plan(call, gifts, &plan) ? fork_setup(call, gifts, &plan) : -1;
    int reason = errno;
    free_plan(&plan);
    errno = reason;
    return pid;
}
