#include "watcher.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdnoreturn.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "child.h"
#include "package.h"
#include "rundir.h"

#define START_WITHIN_MS 2000
#define LOOK_MS 5000

extern char **environ;

/* Where the first call runs at the same time, starting Node would slow it down: so the watcher's start waits
 * for what the server says when the call is answered, and leaves it to be read. End of file: the server is
 * gone already. Servers of version 1 say nothing, and have nobody else to tell them that their socket is
 * gone. */
static void await_hint(const struct call *call) {
    if (!call->interpreter.node) return;
    struct pollfd polled = {.fd = STDIN_FILENO, .events = POLLIN};
    if (poll(&polled, 1, START_WITHIN_MS) > 0 && !(polled.revents & POLLIN)) _exit(0);
}

/* Of a server that has gone before its watcher could start: they are to be passed on still. */
static bool has_lines(void) {
    struct pollfd polled = {.fd = STDIN_FILENO, .events = POLLIN};
    return poll(&polled, 1, 0) > 0 && polled.revents & POLLIN;
}

/* The caller's settings of Node (what to require, where to report coverage) are not for the watcher. */
static void drop_node_variables(void) {
    size_t kept = 0;
    for (size_t i = 0; environ[i]; i++)
        if (strncmp(environ[i], "NODE_", 5) != 0 &&
            strncmp(environ[i], PFI_VARIABLE, strlen(PFI_VARIABLE)) != 0)
            environ[kept++] = environ[i];
    environ[kept] = NULL;
}

/* The program is told which socket it is to watch: by the time it looks, -f may have put another in its
 * place. */
static void execute_program(const struct call *call, const struct stat *socket) {
    char program[PATH_MAX], identity[64];
    struct stat file;
    const char *node = call->interpreter.node ? call->interpreter.path : search_path("node", &file);
    char *absolute = node ? realpath(node, NULL) : NULL;
    if (!absolute || !find_watcher(program, sizeof program)) return;
    if (chdir("/") != 0) return;
    drop_node_variables();
    snprintf(identity, sizeof identity, "%llu:%llu", (unsigned long long)socket->st_dev,
             (unsigned long long)socket->st_ino);
    execl(absolute, "node", program, call->address.sun_path, identity, (char *)NULL);
}

static bool is_in_place(const struct call *call, const struct stat *socket) {
    struct stat file;
    if (lstat(call->address.sun_path, &file) != 0) return errno != ENOENT && errno != ENOTDIR;
    return file.st_dev == socket->st_dev && file.st_ino == socket->st_ino;
}

/* Where there is no Node or no package: the same in small. Without inotify it looks every few seconds. */
noreturn static void watch_here(const struct call *call, const struct stat *socket) {
    char events[4096] __attribute__((aligned(__alignof__(struct inotify_event))));
    int watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    if (watch >= 0)
        inotify_add_watch(watch, call->directory,
                          IN_CREATE | IN_DELETE | IN_MOVE | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR);
    while (is_in_place(call, socket)) {
        struct pollfd polled[] = {{.fd = STDIN_FILENO, .events = POLLIN}, {.fd = watch, .events = POLLIN}};
        if (poll(polled, 2, LOOK_MS) < 0 && errno != EINTR) break;
        if (polled[0].revents && read(STDIN_FILENO, events, sizeof events) == 0) break;
        if (polled[1].revents && read(watch, events, sizeof events) < 0 && errno != EAGAIN) break;
    }
    _exit(0);
}

noreturn static void become_watcher(const struct call *call, const struct stat *socket, int input,
                                    int errors) {
    int null = open("/dev/null", O_WRONLY);
    reset_signals();
    if (null < 0 || dup2(input, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
        dup2(errors, STDERR_FILENO) < 0)
        _exit(EXIT_FAILURE);
    close_from(3);
    setsid(); /* cannot fail: a forked child leads no group */
    await_hint(call);
    if (is_in_place(call, socket) || has_lines()) execute_program(call, socket);
    if (chdir("/") != 0) _exit(EXIT_FAILURE);
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
