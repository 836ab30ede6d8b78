#include "watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "child.h"
#include "close_between.h"
#include "package.h"
#include "rundir.h"
#include "settings.h"
#include "variables.h"

#define LOOK_MS 5000

extern char **environ;

/* Where the first call runs at the same time, starting Node would slow it down, and until then nobody knows
 * what the server's socket will be called: so the watcher's start waits for what the server says when the
 * call is answered, and leaves it to be read. End of file: there is no server. Servers of version 1 say
 * nothing, and have nobody else to tell them that their socket is gone. */
static void await_hint(const struct call *call) {
    if (!call->interpreter.node) return;
    struct pollfd polled = {.fd = STDIN_FILENO, .events = POLLIN};
    while (poll(&polled, 1, -1) < 0 && errno == EINTR)
        continue;
    if (!(polled.revents & POLLIN)) _exit(0);
}

/* The watcher lives for as long as its server: it gets what it needs to find the log, and what libc reads.
 * Neither the caller's settings of Node (what to require, where to report coverage) nor his secrets are for
 * it.
 */
static void drop_variables(void) {
    static const char *const needed[] = {"HOME=", "XDG_RUNTIME_DIR=", "XDG_STATE_HOME=", "TZ="};
    size_t kept = 0;
    for (size_t i = 0; environ[i]; i++) {
        bool is_needed = is_unseen(environ[i]);
        for (size_t j = 0; j < sizeof needed / sizeof *needed; j++)
            is_needed = is_needed || !strncmp(environ[i], needed[j], strlen(needed[j]));
        if (is_needed) environ[kept++] = environ[i];
    }
    environ[kept] = NULL;
}

/* Node and the program, found while we are in the caller's directory still. */
struct program {
    char *node; /* NULL: there is none */
    char path[PATH_MAX];
};

static void find_program(const struct call *call, struct program *program) {
    struct stat file;
    const char *node = call->interpreter.node ? call->interpreter.path : search_path("node", &file);
    program->node = node && find_watcher(program->path, sizeof program->path) ? realpath(node, NULL) : NULL;
}

/* A server of ours tells the program which socket it is to watch. For another it stands in the arguments: by
 * the time the program looks, -f may have put another in its place.
 *
 * Where Node cannot start (no thread to be had, a hang) nobody would notice: the kernel ends it then. An
 * alarm outlives execve, and the program ignores it once it runs. */
static void execute_program(const struct call *call, const struct program *program,
                            const struct stat *socket) {
    char identity[64];
    if (!program->node) return;
    alarm((unsigned)(setup_limit() / 1000)); /* a variable sets it */
    drop_variables();
    snprintf(identity, sizeof identity, "%llu:%llu", (unsigned long long)socket->st_dev,
             (unsigned long long)socket->st_ino);
    const char *path = call->interpreter.node ? NULL : call->address.sun_path;
    execl(program->node, "node", program->path, path, identity, (char *)NULL);
    alarm(0);
}

/* What a server of ours says first on stdin, in one piece: its socket. */
static bool hear_socket(struct sockaddr_un *address, struct stat *socket) {
    char text[4096];
    unsigned long long device, inode;
    ssize_t n = read(STDIN_FILENO, text, sizeof text - 1);
    if (n <= 0) return false;
    text[n] = '\0';
    if (sscanf(text, "\n\x1d%llu:%llu %107[^\n]", &device, &inode, address->sun_path) != 3) return false;
    socket->st_dev = device;
    socket->st_ino = inode;
    return true;
}

static bool is_in_place(const char *path, const struct stat *socket) {
    struct stat file;
    if (lstat(path, &file) != 0) return errno != ENOENT && errno != ENOTDIR;
    return file.st_dev == socket->st_dev && file.st_ino == socket->st_ino;
}

/* Where there is no Node or no package: the same in small. Without inotify it looks every few seconds. */
noreturn static void watch_here(const struct call *call, const struct stat *bound) {
    struct sockaddr_un address = call->address;
    struct stat socket = *bound;
    if (call->interpreter.node && !hear_socket(&address, &socket)) _exit(EXIT_FAILURE);
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watch >= 0)
        inotify_add_watch(watch, call->directory,
                          IN_CREATE | IN_DELETE | IN_MOVE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
    while (is_in_place(address.sun_path, &socket)) {
        struct pollfd polled[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = watch, .events = POLLIN}};
        if (poll(polled, 2, LOOK_MS) < 0 && errno != EINTR) break;
        if (polled[0].revents && read(STDIN_FILENO, events, sizeof events) == 0) break;
        if (polled[1].revents && read(watch, events, sizeof events) < 0 && errno != EAGAIN) break;
    }
    _exit(0);
}

noreturn static void become_watcher(const struct call *call, const struct stat *socket, int input,
                                    int errors) {
    static struct program program;
    int null = open("/dev/null", O_WRONLY);
    reset_signals();
    if (null < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
        dup2(errors, STDERR_FILENO) < 0)
        _exit(EXIT_FAILURE);
    close_between(3, INT_MAX);
    setsid(); /* cannot fail: a forked child leads no group */
    find_program(call, &program);
    /* It keeps no directory busy. A socket's path is absolute, but for a relative XDG_RUNTIME_DIR. */
    if (*call->address.sun_path == '/' && chdir("/") != 0) _exit(EXIT_FAILURE);
    await_hint(call);
    if (call->interpreter.node || is_in_place(call->address.sun_path, socket))
        execute_program(call, &program, socket);
    watch_here(call, socket);
}

bool start_watcher(const struct call *call, const struct stat *socket, struct watcher *watcher) {
    int input[2], errors[2];
    if (pipe2(input, O_CLOEXEC) != 0) return false;
    if (pipe2(errors, O_CLOEXEC) != 0) return false;
    if (fcntl(errors[0], F_SETFL, O_NONBLOCK) != 0) return false;
    pid_t pid = fork();
    if (pid < 0) return false;
    if (pid == 0) become_watcher(call, socket, input[0], errors[1]);
    close(input[0]);
    close(errors[1]);
    watcher->input = input[1];
    watcher->errors = errors[0];
    return true;
}
